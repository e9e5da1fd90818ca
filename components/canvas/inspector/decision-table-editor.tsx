"use client";
import { useQuery } from "@tanstack/react-query";
import { Download, Plus } from "lucide-react";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { DecisionTableDefinition } from "@/server/engine/process.ts";
import { refusalOf, useTRPCClient } from "../../api.tsx";
import { saveFile } from "../../save-file.ts";
import { toast } from "../../ui/toast.tsx";
import { useNamedFields } from "../choices.tsx";
import type { EditorState } from "../use-editor.ts";
import { filled } from "./as-key.ts";
import { Choice } from "./choice.tsx";
import { addInput, addOutput, addRule, ruleKey } from "./table-cells.ts";
import { TableGrid } from "./table-grid.tsx";
import { TableTry, useTried } from "./table-try.tsx";
import { Text } from "./text-field.tsx";

const policies = ["first", "unique", "any", "priority", "collect", "rule_order", "output_order"] as const;
const aggregators = ["sum", "min", "max", "count"] as const;

/** A decision table with all it has: which rule counts, values, defaults, notes, how often each counted, and what would come out. */
export function DecisionTableEditor({
  editor,
  id,
  table,
}: {
  editor: EditorState;
  id: string;
  table: DecisionTableDefinition;
}) {
  const t = useTranslations("editor");
  const client = useTRPCClient();
  const fields = useNamedFields(editor.doc, t("answers"));
  const labels = useMemo(() => new Map(fields.map((f) => [f.name, f.label])), [fields]);
  const options = useMemo(
    () => new Map(fields.filter((f) => f.options.length > 0).map((f) => [f.name, f.options.map((o) => o.value)])),
    [fields],
  );
  const tried = useTried(table);
  const use = useRuleUse(editor, id);
  const put = (next: DecisionTableDefinition, typing: string | null = null) =>
    editor.run(
      t("did.table"),
      (d) => ({ ...d, decisionTables: { ...d.decisionTables, [id]: next } }),
      typing && `table:${id}:${typing}`,
    );
  const list = `fields-${id}`;
  const problems = editor.problems.filter(
    ({ field }) => field === `decisionTables.${id}` || field?.startsWith(`decisionTables.${id}.`),
  );
  async function download() {
    try {
      const { file } = await client.processes.tableAsDmn.mutate({ document: editor.doc, table: id });
      saveFile(`${id}.dmn`, file, "application/xml");
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
  }
  return (
    <div className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <Text
          label={t("tableName")}
          value={table.name ?? ""}
          onChange={(name) => put(filled({ ...table, name }), "name")}
        />
        <Choice
          label={t("hitPolicy")}
          value={table.hitPolicy}
          help={t(`policyHelp.${table.hitPolicy}`)}
          options={policies.map((p) => [p, t(`policies.${p}`)] as const)}
          onChange={(v) => {
            const hitPolicy = policies.find((p) => p === v);
            if (!hitPolicy) return;
            const { aggregator, ...rest } = table;
            put({ ...rest, hitPolicy, ...(hitPolicy === "collect" && aggregator && { aggregator }) });
          }}
        />
        {table.hitPolicy === "collect" && (
          <Choice
            label={t("table.aggregator")}
            value={table.aggregator ?? ""}
            options={[
              ["", t("table.aggregators.none")],
              ...aggregators.map((a) => [a, t(`table.aggregators.${a}`)] as const),
            ]}
            onChange={(v) => put(filled({ ...table, aggregator: aggregators.find((a) => a === v) as "sum" }))}
          />
        )}
      </div>
      <datalist id={list}>
        {fields.map((f) => (
          <option key={f.name} value={f.name}>
            {f.label}
          </option>
        ))}
      </datalist>
      <TableGrid
        table={table}
        list={list}
        problems={problems}
        options={options}
        matched={new Set(tried.answer?.rules ?? [])}
        used={use.counts}
        put={put}
      />
      <div className="flex flex-wrap gap-3">
        <Add onClick={() => put(addRule(table))}>{t("addRuleRow")}</Add>
        <Add onClick={() => put(addInput(table))}>{t("addInput")}</Add>
        <Add onClick={() => put(addOutput(table))}>{t("addOutput")}</Add>
        <button
          type="button"
          className="ml-auto inline-flex h-7 items-center gap-1 text-xs font-semibold text-accent-text hover:underline"
          onClick={() => void download()}
        >
          <Download aria-hidden className="size-3.5" />
          {t("table.download")}
        </button>
      </div>
      <p className="text-xs text-ink-3">
        {t("table.cellHelp")}
        {use.asked !== null && ` ${t("table.asked", { n: use.asked, none: use.none })}`}
      </p>
      {problems.length > 0 && (
        <ul className="grid gap-1 text-xs" aria-label={t("table.problems")}>
          {problems.slice(0, 6).map((p, i) => (
            <li key={i} className={p.severity === "error" ? "text-breach" : "text-risk"}>
              {p.text}
            </li>
          ))}
        </ul>
      )}
      <TableTry tried={tried} labels={labels} />
      <Text
        label={t("tableNote")}
        long
        max={2000}
        value={table.note ?? ""}
        onChange={(note) => put(filled({ ...table, note }), "note")}
      />
    </div>
  );
}

/** Counts of the live version's rules, found again in the draft by what they say. */
function useRuleUse(editor: EditorState, id: string) {
  const client = useTRPCClient();
  const { data } = useQuery({
    queryKey: ["processes.ruleUse", editor.id, editor.liveVersion],
    queryFn: () => client.processes.ruleUse.query({ id: editor.id, version: editor.liveVersion }),
    enabled: editor.liveVersion !== null,
  });
  const live = editor.live?.decisionTables[id];
  const use = data?.[id];
  const byRule = useMemo(
    () => new Map((live?.rules ?? []).map((rule, i) => [ruleKey(rule), use?.rules[i] ?? 0])),
    [live, use],
  );
  return {
    asked: use?.asked ?? null,
    none: use?.none ?? 0,
    counts: data && live ? (rule: DecisionTableDefinition["rules"][number]) => byRule.get(ruleKey(rule)) ?? 0 : null,
  };
}

const Add = ({ children, onClick }: { children: React.ReactNode; onClick: () => void }) => (
  <button
    type="button"
    onClick={onClick}
    className="inline-flex h-7 items-center gap-1 text-xs font-semibold text-accent-text hover:underline"
  >
    <Plus aria-hidden className="size-3.5" />
    {children}
  </button>
);
