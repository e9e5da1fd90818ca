import { useTranslations } from "use-intl";
import type { Decided as DecidedView } from "@/server/inbox/explain.ts";

/** What a decision table said: the rule that counted, the values it looked at then, and what followed. */
export function Decided({ decided, labels }: { decided: DecidedView; labels: ReadonlyMap<string, string> }) {
  const t = useTranslations("where.decided");
  const named = (field: string) => labels.get(field) ?? field;
  const said = (value: DecidedView["inputs"][number]["value"]) =>
    value === null
      ? t("empty")
      : typeof value === "boolean"
        ? t(value ? "yes" : "no")
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
  const outputs = decided.outputs.map(({ field, value }) => `${named(field)} = ${said(value)}`).join(", ");
  return (
    <div className="mt-1.5 min-w-0 border-t border-line pt-1.5 break-words">
      <p>
        {decided.rules.length === 0
          ? t("none", { table: decided.table })
          : t("rule", {
              table: decided.table,
              rules: decided.rules.map(({ no }) => no).join(", "),
              n: decided.rules.length,
            })}
        <span className="text-xs text-ink-3">{` #${decided.seq}`}</span>
      </p>
      {decided.rules.map((rule) => (
        <p key={rule.no} className="text-xs text-ink-2">
          {rule.cells.length === 0 && t("anything", { rule: rule.no })}
          {rule.cells.map(({ input, value, cell }) => (
            <span key={input} className="mr-2">
              {`${named(input)}: ${said(value)} `}
              <span className="font-mono text-ink-3">{`(${cell})`}</span>
            </span>
          ))}
          {rule.note && <span className="italic">{rule.note}</span>}
        </p>
      ))}
      {decided.rules.length === 0 && decided.inputs.length > 0 && (
        <p className="text-xs text-ink-2">
          {decided.inputs.map(({ input, value }) => `${named(input)}: ${said(value)}`).join(" · ")}
        </p>
      )}
      {outputs && <p className="text-xs font-medium">{t("gave", { outputs })}</p>}
      {decided.error && <p className="text-xs text-breach">{decided.error}</p>}
    </div>
  );
}
