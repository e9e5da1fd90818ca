"use client";
import { AlertTriangle, ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Copy, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { compile, compileUnaryTests } from "@/server/engine/expression/index.ts";
import type { DecisionTableDefinition } from "@/server/engine/process.ts";
import type { Problem } from "@/server/engine/checks/problems.ts";
import { cn } from "../../ui/cn.ts";
import { filled } from "./as-key.ts";
import {
  copyRule,
  dropInput,
  dropOutput,
  dropRule,
  meantCell,
  moveInput,
  moveOutput,
  moveRule,
  padded,
  saidCell,
  setDefault,
  setInputValues,
  setOutputValues,
  swapped,
} from "./table-cells.ts";

type Table = DecisionTableDefinition;
const cellLook =
  "h-8 w-full max-w-56 min-w-24 bg-transparent px-2 font-mono text-xs [field-sizing:content] outline-offset-[-2px] aria-invalid:bg-breach-bg";

/** Rules in a grid: what is looked at on the left, what follows on the right; `-` fits everything, `= …` is worked out. */
export function TableGrid({
  table,
  list,
  problems,
  options,
  matched,
  used,
  put,
}: {
  table: Table;
  /** Id of the list of fields that heads complete from. */
  list: string;
  problems: readonly Problem[];
  /** Values of a picklist by its field: what its cells complete from. */
  options: ReadonlyMap<string, readonly string[]>;
  /** 0-based rules that match what is being tried. */
  matched: ReadonlySet<number>;
  /** Times a rule counted in real runs; null while that is not known. */
  used: ((rule: Table["rules"][number]) => number) | null;
  put: (table: Table, typing?: string | null) => void;
}) {
  const t = useTranslations("editor");
  const setRule = (i: number, change: Partial<Table["rules"][number]>, typing: string) =>
    put({ ...table, rules: swapped(table.rules, i, filled({ ...table.rules[i]!, ...change })) }, typing);
  const faults = (r: number) => problems.filter((p) => p.field?.endsWith(`.rules.${r}`));
  const head = (side: "in" | "out", c: number, name: string) => (
    <th key={`${side}${c}`} scope="col" className="border border-line bg-sunken p-0 text-left font-normal">
      <input
        className={cellLook}
        aria-label={t(side === "in" ? "inputColumn" : "outputColumn", { n: c + 1 })}
        aria-invalid={side === "in" && !compile(name).ok ? true : undefined}
        list={list}
        value={name}
        spellCheck={false}
        onChange={(e) =>
          put(
            side === "in"
              ? { ...table, inputs: swapped(table.inputs, c, e.target.value) }
              : { ...table, outputs: swapped(table.outputs, c, e.target.value || "run.value") },
            `${side}${c}`,
          )
        }
      />
      <span className="flex justify-end border-t border-line">
        <Small
          label={t("table.columnLeft", { name })}
          disabled={c === 0}
          onClick={() => put(side === "in" ? moveInput(table, c, -1) : moveOutput(table, c, -1))}
        >
          <ArrowLeft aria-hidden className="size-3" />
        </Small>
        <Small
          label={t("table.columnRight", { name })}
          disabled={c === (side === "in" ? table.inputs : table.outputs).length - 1}
          onClick={() => put(side === "in" ? moveInput(table, c, 1) : moveOutput(table, c, 1))}
        >
          <ArrowRight aria-hidden className="size-3" />
        </Small>
        <Small
          label={t("removeColumn", { name })}
          disabled={(side === "in" ? table.inputs : table.outputs).length === 1}
          onClick={() => put(side === "in" ? dropInput(table, c) : dropOutput(table, c))}
        >
          <X aria-hidden className="size-3" />
        </Small>
      </span>
    </th>
  );
  const ordered = table.hitPolicy === "priority" || table.hitPolicy === "output_order";
  const values = (side: "in" | "out", c: number, name: string) => (
    <td key={`${side}${c}`} className="border border-line bg-sunken/60 p-0">
      <input
        className={cellLook}
        aria-label={t(side === "in" ? "table.inputValuesOf" : "table.outputValuesOf", { name })}
        placeholder={side === "out" && ordered ? t("table.valuesInOrder") : t("table.anything")}
        spellCheck={false}
        value={(side === "in" ? table.inputValues : table.outputValues)?.[c] ?? ""}
        onChange={(e) =>
          put(
            side === "in" ? setInputValues(table, c, e.target.value) : setOutputValues(table, c, e.target.value),
            `${side}values${c}`,
          )
        }
      />
    </td>
  );
  const wide = "border border-line bg-sunken px-2 text-left font-medium text-ink-3";
  return (
    <div className="overflow-x-auto" role="region" aria-label={t("rules")} tabIndex={0}>
      {table.inputs.map((input, c) => (
        <datalist key={c} id={`${list}-${c}`}>
          {options.get(input)?.map((value) => (
            <option key={value} value={JSON.stringify(value)}>
              {value.replaceAll("_", " ")}
            </option>
          ))}
        </datalist>
      ))}
      <table className="w-full border-collapse text-xs">
        <caption className="sr-only">{t("rules")}</caption>
        <thead>
          <tr>
            <th scope="col" className="w-8">
              <span className="sr-only">{t("rules")}</span>
            </th>
            {table.inputs.map((input, c) => head("in", c, input))}
            {table.outputs.map((output, c) => head("out", c, output))}
            <th scope="col" className={wide}>
              {t("ruleNote")}
            </th>
            <th scope="col" className={cn(wide, "text-right")}>
              {t("table.used")}
            </th>
            <th scope="col" className="w-8">
              <span className="sr-only">{t("columns.edit")}</span>
            </th>
          </tr>
          <tr>
            <th scope="row" className="pr-2 text-right font-normal whitespace-nowrap text-ink-3">
              {t("table.values")}
            </th>
            {table.inputs.map((input, c) => values("in", c, input))}
            {table.outputs.map((output, c) => values("out", c, output))}
          </tr>
        </thead>
        <tbody>
          {table.rules.map((rule, r) => {
            const wrong = faults(r);
            const times = used?.(rule);
            return (
              <tr
                key={r}
                aria-current={matched.has(r) || undefined}
                className={cn(matched.has(r) && "bg-ok-bg")}
                onKeyDown={(e) => {
                  if (!e.altKey || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
                  e.preventDefault();
                  put(moveRule(table, r, e.key === "ArrowUp" ? -1 : 1));
                }}
              >
                <th scope="row" className="pr-2 text-right font-normal whitespace-nowrap text-ink-3 tabular-nums">
                  {wrong.length > 0 && (
                    <span title={wrong.map((p) => p.text).join("\n")}>
                      <AlertTriangle
                        aria-label={wrong.map((p) => p.text).join(" ")}
                        role="img"
                        className={cn(
                          "mr-1 inline size-3.5",
                          wrong.some((p) => p.severity === "error") ? "text-breach" : "text-risk",
                        )}
                      />
                    </span>
                  )}
                  {r + 1}
                </th>
                {table.inputs.map((input, c) => (
                  <td key={c} className="border border-line p-0">
                    <input
                      className={cellLook}
                      aria-label={t("ruleInput", { rule: r + 1, column: c + 1 })}
                      aria-invalid={compileUnaryTests(rule.when[c] ?? "-").ok ? undefined : true}
                      list={options.has(input) ? `${list}-${c}` : undefined}
                      spellCheck={false}
                      value={rule.when[c] ?? ""}
                      onChange={(e) =>
                        setRule(
                          r,
                          { when: swapped(padded(rule.when, table.inputs.length, "-"), c, e.target.value) },
                          `w${r}.${c}`,
                        )
                      }
                    />
                  </td>
                ))}
                {table.outputs.map((_, c) => (
                  <td key={c} className="border border-line bg-accent-soft/40 p-0">
                    <input
                      className={cellLook}
                      aria-label={t("ruleOutput", { rule: r + 1, column: c + 1 })}
                      aria-invalid={isBad(rule.then[c]) || undefined}
                      spellCheck={false}
                      value={saidCell(rule.then[c])}
                      onChange={(e) =>
                        setRule(
                          r,
                          {
                            then: swapped(padded(rule.then, table.outputs.length, null), c, meantCell(e.target.value)),
                          },
                          `t${r}.${c}`,
                        )
                      }
                    />
                  </td>
                ))}
                <td className="border border-line p-0">
                  <input
                    className={cellLook.replace("font-mono", "")}
                    aria-label={t("ruleNoteOf", { rule: r + 1 })}
                    maxLength={500}
                    value={rule.note ?? ""}
                    onChange={(e) => setRule(r, { note: e.target.value }, `n${r}`)}
                  />
                </td>
                <td className="border border-line px-2 text-right text-ink-2 tabular-nums">
                  {times === undefined ? "" : t("table.times", { n: times })}
                </td>
                <td aria-label={t("table.ruleActs", { rule: r + 1 })}>
                  <span className="flex">
                    <Small
                      label={t("table.ruleUp", { rule: r + 1 })}
                      disabled={r === 0}
                      onClick={() => put(moveRule(table, r, -1))}
                    >
                      <ArrowUp aria-hidden className="size-3.5" />
                    </Small>
                    <Small
                      label={t("table.ruleDown", { rule: r + 1 })}
                      disabled={r === table.rules.length - 1}
                      onClick={() => put(moveRule(table, r, 1))}
                    >
                      <ArrowDown aria-hidden className="size-3.5" />
                    </Small>
                    <Small label={t("table.ruleCopy", { rule: r + 1 })} onClick={() => put(copyRule(table, r))}>
                      <Copy aria-hidden className="size-3.5" />
                    </Small>
                    <Small label={t("removeRuleN", { rule: r + 1 })} onClick={() => put(dropRule(table, r))}>
                      <X aria-hidden className="size-3.5" />
                    </Small>
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={table.inputs.length + 1} className="px-2 py-1 text-right font-normal text-ink-3">
              {t("table.default")}
            </th>
            {table.outputs.map((output, c) => (
              <td key={c} className="border border-line bg-accent-soft/40 p-0">
                <input
                  className={cellLook}
                  aria-label={t("table.defaultOf", { name: output })}
                  placeholder={t("table.unchanged")}
                  aria-invalid={isBad(table.defaults?.[c]) || undefined}
                  spellCheck={false}
                  value={saidCell(table.defaults?.[c])}
                  onChange={(e) => put(setDefault(table, c, meantCell(e.target.value)), `default${c}`)}
                />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

const isBad = (cell: Table["rules"][number]["then"][number] | undefined): boolean =>
  typeof cell === "object" && cell !== null && !compile(cell.feel).ok;

const Small = ({
  label,
  disabled = false,
  onClick,
  children,
}: {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    disabled={disabled}
    className="grid size-6 shrink-0 place-items-center text-ink-3 hover:text-ink disabled:opacity-30"
    onClick={onClick}
  >
    {children}
  </button>
);
