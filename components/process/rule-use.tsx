import { useTranslations } from "use-intl";
import type { RuleUse } from "@/db/queries/processes.ts";
import type { DecisionTableDefinition, Process } from "@/server/engine/process.ts";

/** The decision tables of a version, read only: every rule with how often it counted in real runs. */
export function RuleUseTables({ document, use }: { document: Process; use: Record<string, RuleUse> }) {
  const t = useTranslations("processes.tables");
  const tables = Object.entries(document.decisionTables);
  if (tables.length === 0) return null;
  return (
    <section aria-label={t("title")} className="grid gap-3 rounded-lg border border-line bg-surface p-4">
      <h2 className="text-sm font-semibold">{t("title")}</h2>
      {tables.map(([key, table]) => (
        <RuleUseTable key={key} name={table.name ?? key.replaceAll("_", " ")} table={table} use={use[key]} />
      ))}
    </section>
  );
}

function RuleUseTable({
  name,
  table,
  use = { asked: 0, rules: {}, none: 0 },
}: {
  name: string;
  table: DecisionTableDefinition;
  use: RuleUse | undefined;
}) {
  const t = useTranslations("processes.tables");
  const policy = useTranslations("editor.policies");
  const head = "border border-line bg-sunken px-2 py-1 text-left font-medium";
  return (
    <details className="group" open={use.asked > 0}>
      <summary className="cursor-pointer text-sm">
        <span className="font-medium">{name}</span>
        <span className="ml-2 text-xs text-ink-3">
          {[policy(table.hitPolicy), t("asked", { n: use.asked }), use.none > 0 && t("none", { n: use.none })]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </summary>
      <div className="mt-2 overflow-x-auto" role="region" aria-label={name} tabIndex={0}>
        <table className="w-full border-collapse text-xs">
          <caption className="sr-only">{name}</caption>
          <thead>
            <tr>
              <th scope="col" className={head}>
                {t("rule")}
              </th>
              {table.inputs.map((input, i) => (
                <th key={i} scope="col" className={`${head} font-mono`}>
                  {input}
                </th>
              ))}
              {table.outputs.map((output) => (
                <th key={output} scope="col" className={`${head} font-mono`}>
                  {`→ ${output}`}
                </th>
              ))}
              <th scope="col" className={head}>
                {t("note")}
              </th>
              <th scope="col" className={`${head} text-right`}>
                {t("counted")}
              </th>
            </tr>
          </thead>
          <tbody>
            {table.rules.map((rule, r) => {
              const n = use.rules[r] ?? 0;
              return (
                <tr key={r} className="[&>td]:border [&>td]:border-line [&>td]:px-2 [&>td]:py-1">
                  <th scope="row" className="border border-line px-2 py-1 text-left font-normal tabular-nums">
                    {r + 1}
                  </th>
                  {rule.when.map((cell, i) => (
                    <td key={i} className="font-mono">
                      {cell}
                    </td>
                  ))}
                  {rule.then.map((cell, i) => (
                    <td key={i} className="font-mono">
                      {cellText(cell)}
                    </td>
                  ))}
                  <td className="text-ink-2">{rule.note ?? ""}</td>
                  <td className="text-right tabular-nums">
                    {n > 0 ? (
                      t("times", { n, share: n / Math.max(1, use.asked) })
                    ) : (
                      <span className="text-ink-3">{t("never")}</span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const cellText = (cell: DecisionTableDefinition["rules"][number]["then"][number]): string =>
  cell === null ? "" : typeof cell === "object" ? `= ${cell.feel}` : String(cell);
