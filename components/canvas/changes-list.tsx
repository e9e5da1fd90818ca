import { useTranslations } from "use-intl";
import type { Change } from "@/server/engine/diff.ts";
import { cn } from "../ui/cn.ts";

const signs = { added: "+", removed: "−", changed: "~" } as const;

/** What differs between two documents, in words: a sign, what it is, and which settings. */
export function ChangesList({ changes, onGo }: { changes: readonly Change[]; onGo?: (id: string) => void }) {
  const t = useTranslations("editor");
  return (
    <ul className="grid max-h-72 overflow-auto text-sm">
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
                {c.name}
              </button>
            ) : (
              <span className="font-semibold">{c.name}</span>
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
