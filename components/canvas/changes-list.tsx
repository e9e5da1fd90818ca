import { useTranslations } from "use-intl";
import type { Change } from "@/server/engine/diff.ts";
import type { Process } from "@/server/engine/process.ts";
import { cn } from "../ui/cn.ts";
import { stepName } from "./map-model.ts";

const signs = { added: "+", removed: "−", changed: "~" } as const;

/** What differs between two documents, in words: a sign, what it is, and which settings. */
export function ChangesList({
  changes,
  doc,
  onGo,
}: {
  changes: readonly Change[];
  /** Where the steps' names are looked up. */
  doc: Process;
  onGo?: (id: string) => void;
}) {
  const t = useTranslations("editor");
  const name = (c: Change) =>
    c.part === "edge"
      ? c.name
          .split(" → ")
          .map((id) => stepName(doc, id, t))
          .join(" → ")
      : c.part === "node" && c.kind !== "removed"
        ? stepName(doc, c.id, t)
        : c.name;
  return (
    <ul className="grid max-h-72 overflow-auto text-sm" tabIndex={0}>
      {changes.map((c) => (
        <li
          key={`${c.part}${c.id}${c.kind}`}
          className="flex items-baseline gap-2 border-t border-line py-1 first:border-0"
        >
          <span
            aria-hidden
            className={cn(
              "w-4 shrink-0 text-center font-semibold",
              c.kind === "added" ? "text-ok" : c.kind === "removed" ? "text-breach" : "text-info",
            )}
          >
            {signs[c.kind]}
          </span>
          <span className="min-w-0">
            <span className="font-medium">{t(`change.${c.kind}`)}</span>
            {` ${t(`part.${c.part}`)} `}
            {onGo && c.kind !== "removed" && (c.part === "node" || c.part === "edge") ? (
              <button
                type="button"
                className="font-semibold text-accent-text hover:underline"
                onClick={() => onGo(c.id)}
              >
                {name(c)}
              </button>
            ) : (
              <span className="font-semibold">{name(c)}</span>
            )}
            {c.fields.length > 0 && (
              <span className="text-ink-3">
                {` · ${c.fields.map((f) => (t.has(`docField.${f}`) ? t(`docField.${f}` as "docField.name") : f)).join(", ")}`}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
