import { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/problems.ts";
import type { Process } from "@/server/engine/process.ts";
import { Button } from "../ui/button.tsx";
import { Status } from "../ui/status.tsx";

/** What is wrong, errors first; "Go" selects where. */
export function Problems({ problems, doc, onGo }: { problems: Problem[]; doc: Process; onGo: (id: string) => void }) {
  const t = useTranslations("editor");
  return (
    <section
      aria-label={t("problems", { n: problems.length })}
      className="max-h-44 overflow-auto border-t border-line bg-surface"
      tabIndex={0}
    >
      <h2 className="px-4 py-1.5 text-sm font-semibold">{t("problems", { n: problems.length })}</h2>
      <ul>
        {problems.map((p, i) => (
          <li
            key={`${p.code}${p.node ?? p.edge ?? ""}${i}`}
            className="flex items-center gap-3 border-t border-line px-4 py-1 text-sm"
          >
            <Status kind={p.severity === "error" ? "breached" : "at_risk"}>{t(p.severity)}</Status>
            <span className="w-40 shrink-0 truncate font-semibold">
              {doc.nodes.find((n) => n.id === p.node)?.name ?? ""}
            </span>
            <span className="text-ink-2">{p.text}</span>
            {(p.edge ?? p.node) && (
              <Button size="small" kind="quiet" className="ml-auto" onClick={() => onGo(p.edge ?? p.node ?? "")}>
                {t("go")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
