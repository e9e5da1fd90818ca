"use client";
import { Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { compileUnaryTests } from "@/server/engine/expression/index.ts";
import type { DecisionTableDefinition } from "@/server/engine/process.ts";
import { useNamedFields } from "../choices.tsx";
import type { EditorState } from "../use-editor.ts";
import { filled } from "./as-key.ts";
import { Choice } from "./choice.tsx";
import { Text } from "./text-field.tsx";

const policies = ["first", "unique", "any", "priority", "collect", "rule_order", "output_order"] as const;
type Cell = DecisionTableDefinition["rules"][number]["then"][number];

/** Rules in a grid: what is looked at on the left, what follows on the right; `-` fits everything. */
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
  const fields = useNamedFields(editor.doc, t("answers"));
  const put = (next: DecisionTableDefinition, typing: string | null = null) =>
    editor.run(
      t("did.table"),
      (d) => ({ ...d, decisionTables: { ...d.decisionTables, [id]: next } }),
      typing && `table:${id}:${typing}`,
    );
  const setRule = (i: number, change: Partial<DecisionTableDefinition["rules"][number]>, typing: string | null) =>
    put({ ...table, rules: table.rules.map((r, j) => (j === i ? filled({ ...r, ...change }) : r)) }, typing);
  const swap = <T,>(list: readonly T[], at: number, value: T) => list.map((one, i) => (i === at ? value : one));
  const cell =
    "h-8 w-full min-w-24 bg-transparent px-2 font-mono text-xs outline-offset-[-2px] aria-invalid:bg-breach-bg";
  const list = `fields-${id}`;
  const dropInput = (c: number) =>
    put({
      ...table,
      inputs: table.inputs.filter((_, i) => i !== c),
      rules: table.rules.map((r) => ({ ...r, when: r.when.filter((_, i) => i !== c) })),
    });
  const dropOutput = (c: number) =>
    put({
      ...table,
      outputs: table.outputs.filter((_, i) => i !== c),
      rules: table.rules.map((r) => ({ ...r, then: r.then.filter((_, i) => i !== c) })),
    });
  const head = (value: string, label: string, onChange: (v: string) => void, remove: (() => void) | null) => (
    <th scope="col" className="border border-line bg-sunken p-0 text-left font-normal">
      <span className="flex items-center">
        <input
          className={cell}
          aria-label={label}
          list={list}
          value={value}
          spellCheck={false}
          onChange={(e) => onChange(e.target.value)}
        />
        {remove && (
          <button
            type="button"
            aria-label={t("removeColumn", { name: value })}
            className="grid size-6 shrink-0 place-items-center text-ink-3 hover:text-ink"
            onClick={remove}
          >
            <X aria-hidden className="size-3" />
          </button>
        )}
      </span>
    </th>
  );
  return (
    <div className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
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
            if (hitPolicy) put({ ...table, hitPolicy });
          }}
        />
      </div>
      <datalist id={list}>
        {fields.map((f) => (
          <option key={f.name} value={f.name}>
            {f.label}
          </option>
        ))}
      </datalist>
      <div className="overflow-x-auto" role="region" aria-label={t("rules")} tabIndex={0}>
        <table className="w-full border-collapse text-xs">
          <caption className="sr-only">{t("rules")}</caption>
          <thead>
            <tr>
              <th scope="col" className="w-8">
                <span className="sr-only">{t("rules")}</span>
              </th>
              {table.inputs.map((input, c) => (
                <HeadCell key={`i${c}`}>
                  {head(
                    input,
                    t("inputColumn", { n: c + 1 }),
                    (v) => put({ ...table, inputs: swap(table.inputs, c, v) }, `in${c}`),
                    table.inputs.length > 1 ? () => dropInput(c) : null,
                  )}
                </HeadCell>
              ))}
              {table.outputs.map((output, c) => (
                <HeadCell key={`o${c}`}>
                  {head(
                    output,
                    t("outputColumn", { n: c + 1 }),
                    (v) => put({ ...table, outputs: swap(table.outputs, c, v || "run.value") }, `out${c}`),
                    table.outputs.length > 1 ? () => dropOutput(c) : null,
                  )}
                </HeadCell>
              ))}
              <th scope="col" className="border border-line bg-sunken px-2 text-left font-medium text-ink-3">
                {t("ruleNote")}
              </th>
              <th scope="col" className="w-8">
                <span className="sr-only">{t("columns.edit")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {table.rules.map((rule, r) => (
              <tr key={r}>
                <th scope="row" className="pr-2 text-right font-normal text-ink-3 tabular-nums">
                  {r + 1}
                </th>
                {table.inputs.map((_, c) => (
                  <td key={c} className="border border-line p-0">
                    <input
                      className={cell}
                      aria-label={t("ruleInput", { rule: r + 1, column: c + 1 })}
                      aria-invalid={compileUnaryTests(rule.when[c] ?? "-").ok ? undefined : true}
                      spellCheck={false}
                      value={rule.when[c] ?? ""}
                      onChange={(e) =>
                        setRule(
                          r,
                          { when: swap(pad(rule.when, table.inputs.length, "-"), c, e.target.value) },
                          `w${r}.${c}`,
                        )
                      }
                    />
                  </td>
                ))}
                {table.outputs.map((_, c) => (
                  <td key={c} className="border border-line bg-accent-soft/40 p-0">
                    <input
                      className={cell}
                      aria-label={t("ruleOutput", { rule: r + 1, column: c + 1 })}
                      spellCheck={false}
                      value={said(rule.then[c] ?? null)}
                      onChange={(e) =>
                        setRule(
                          r,
                          { then: swap(pad<Cell>(rule.then, table.outputs.length, null), c, meant(e.target.value)) },
                          `t${r}.${c}`,
                        )
                      }
                    />
                  </td>
                ))}
                <td className="border border-line p-0">
                  <input
                    className={cell.replace("font-mono", "")}
                    aria-label={t("ruleNoteOf", { rule: r + 1 })}
                    maxLength={500}
                    value={rule.note ?? ""}
                    onChange={(e) => setRule(r, { note: e.target.value }, `n${r}`)}
                  />
                </td>
                <td>
                  <button
                    type="button"
                    aria-label={t("removeRuleN", { rule: r + 1 })}
                    className="grid size-7 place-items-center text-ink-3 hover:text-ink"
                    onClick={() => put({ ...table, rules: table.rules.filter((_, j) => j !== r) })}
                  >
                    <X aria-hidden className="size-3.5" />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex flex-wrap gap-3">
        <Add
          onClick={() =>
            put({
              ...table,
              rules: [...table.rules, { when: table.inputs.map(() => "-"), then: table.outputs.map(() => null) }],
            })
          }
        >
          {t("addRuleRow")}
        </Add>
        <Add
          onClick={() =>
            put({
              ...table,
              inputs: [...table.inputs, "run.value"],
              rules: table.rules.map((r) => ({ ...r, when: [...r.when, "-"] })),
            })
          }
        >
          {t("addInput")}
        </Add>
        <Add
          onClick={() =>
            put({
              ...table,
              outputs: [...table.outputs, "run.value"],
              rules: table.rules.map((r) => ({ ...r, then: [...r.then, null] })),
            })
          }
        >
          {t("addOutput")}
        </Add>
      </div>
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

const HeadCell = ({ children }: { children: React.ReactNode }) => children;

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

/** An imported rule may be short of a cell: it is filled up when it is written in. */
const pad = <T,>(list: readonly T[], length: number, value: T): T[] => [
  ...list,
  ...Array<T>(Math.max(0, length - list.length)).fill(value),
];

/** What stands in an output cell: numbers, yes, no and nothing as themselves, all else as text; quotes keep `"12"` a text. */
const said = (cell: Cell): string =>
  cell === null ? "" : typeof cell === "string" ? (meant(cell) === cell ? cell : `"${cell}"`) : String(cell);
function meant(text: string): Cell {
  if (text === "") return null;
  if (text === "true" || text === "false") return text === "true";
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const quotes = /^"(.*)"$/.exec(text);
  return quotes ? (quotes[1] ?? "") : text;
}
