import { useTranslations } from "use-intl";
import { Dialog } from "../ui/dialog.tsx";
import { mayGo, places, stepStates } from "./commands.ts";

const editor = [
  ["← → ↑ ↓", "walk"],
  ["Shift ← →", "extend"],
  ["Alt ← →", "nudge"],
  ["A / Tab", "add"],
  ["Shift Tab", "before"],
  ["I", "inside"],
  ["C", "connect"],
  ["Enter / F2", "edit"],
  ["Ctrl Enter", "unnamed"],
  ["Delete", "remove"],
  ["Ctrl C / X / V / D", "clipboard"],
  ["Ctrl A", "all"],
  ["Ctrl G", "group"],
  ["Ctrl Z / Y", "undo"],
  ["Ctrl F", "find"],
  ["Shift Alt T", "tidy"],
  ["M", "view"],
  ["+ − 0 1 2", "zoom"],
  ["F8 / F6", "next"],
] as const;
const inbox = ["j", "k", "1…9", "e", "h", "u", "b", "z", "f", "."] as const;

/** Every key there is, for what this person can open. */
export function Keys({ open, onClose, roles }: { open: boolean; onClose: () => void; roles: readonly string[] }) {
  const t = useTranslations("keys");
  const shell = useTranslations("shell");
  const drawing = useTranslations("editor.keys");
  const row = (keys: string, text: string) => (
    <div key={keys} className="flex items-center justify-between gap-4 py-1 text-sm">
      <dt>{text}</dt>
      <dd>
        <kbd className="rounded-sm bg-sunken px-1.5 py-0.5 text-xs text-ink-2">{keys}</kbd>
      </dd>
    </div>
  );
  return (
    <Dialog open={open} onClose={onClose} title={t("title")} textOnly>
      <h3 className="text-xs font-semibold text-ink-3">{t("everywhere")}</h3>
      <dl>
        {row("Ctrl K", shell("search"))}
        {row("/", shell("search"))}
        {places.filter(mayGo(roles)).map((p) => row(p.keys, shell(p.id)))}
        {row("[", shell("rail"))}
        {row("?", t("title"))}
        {row("Esc", t("close"))}
      </dl>
      <h3 className="mt-3 text-xs font-semibold text-ink-3">{shell("inbox")}</h3>
      <dl>{inbox.map((key) => row(key, t(`inbox.${key === "1…9" ? "outcome" : key === "." ? "record" : key}`)))}</dl>
      {mayGo(roles)(stepStates) && (
        <>
          <h3 className="mt-3 text-xs font-semibold text-ink-3">{drawing("title")}</h3>
          <dl>{editor.map(([keys, text]) => row(keys, drawing(text)))}</dl>
        </>
      )}
    </Dialog>
  );
}
