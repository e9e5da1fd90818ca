"use client";
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import {
  type ActionProps,
  type Field,
  type OptionGroup,
  QueryBuilder,
  type RuleGroupType,
  type RuleType,
  toOptions,
  type ValueEditorProps,
  type VersatileSelectorProps,
} from "react-querybuilder";
import { useTranslations } from "use-intl";
import { isOpen, type NamedField } from "../choices.tsx";
import {
  firstValue,
  isGroup,
  operatorsOf,
  readCondition,
  type Rule,
  type Rules,
  writeCondition,
} from "../condition.ts";
import { RuleValue } from "./rule-value.tsx";

type Props = { label: string; value: string; fields: readonly NamedField[]; onChange: (value: string) => void };

const box = "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 text-xs text-ink";

/** Rules over the fields of the process. The rows keep their own state, so that typing does not lose its place. */
export default function ConditionBuilder({ label, value, fields, onChange }: Props) {
  const t = useTranslations("editor");
  const [query, setQuery] = useState<RuleGroupType>(() => toQuery(readCondition(value)));
  const [shown, setShown] = useState(value);
  // Undone, pasted or written elsewhere: the rows follow the text.
  if (value !== shown) {
    setShown(value);
    if (value !== writeCondition(toRules(query))) setQuery(toQuery(readCondition(value)));
  }
  const offered = useMemo(() => grouped(fields, query), [fields, query]);
  const find = (name: string) => fields.find((f) => f.name === name);
  function change(next: RuleGroupType) {
    setQuery(next);
    const text = writeCondition(toRules(next));
    if (text === shown) return;
    setShown(text);
    onChange(text);
  }
  // The library calls every builder a form without a name; several unnamed landmarks on a page help nobody.
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const builder = place.current?.firstElementChild;
    builder?.setAttribute("role", "group");
    builder?.setAttribute("aria-label", label);
  }, [label]);
  return (
    <div ref={place}>
      <QueryBuilder
        query={query}
        onQueryChange={change}
        fields={offered}
        getOperators={(name) =>
          operatorsOf(find(name)?.kind ?? "other").map((op) => ({ name: op, label: t(`operator.${op}`) }))
        }
        getDefaultOperator={(name) => operatorsOf(find(name)?.kind ?? "other")[0] ?? "="}
        getDefaultValue={(rule) => firstValue(find(rule.field)?.kind ?? "text", find(rule.field)?.options ?? [])}
        combinators={[
          { name: "and", label: t("condition.and") },
          { name: "or", label: t("condition.or") },
        ]}
        resetOnOperatorChange={false}
        context={{ find }}
        controlElements={{
          fieldSelector: Pick,
          operatorSelector: Pick,
          combinatorSelector: Pick,
          valueEditor: Value,
          addRuleAction: Add,
          addGroupAction: Add,
          removeRuleAction: Remove,
          removeGroupAction: Remove,
        }}
        translations={{
          fields: { title: t("condition.field") },
          operators: { title: t("condition.operator") },
          combinators: { title: t("condition.combinator") },
          addRule: { label: t("condition.addRule"), title: t("condition.addRule") },
          addGroup: { label: t("condition.addGroup"), title: t("condition.addGroup") },
          removeRule: { title: t("condition.removeRule") },
          removeGroup: { title: t("condition.removeGroup") },
        }}
        controlClassnames={{
          ruleGroup: "grid gap-1.5 rounded-md bg-sunken p-2 [&_.ruleGroup]:border [&_.ruleGroup]:border-line",
          header: "flex flex-wrap items-center gap-1.5",
          body: "grid gap-1.5",
          rule: "grid grid-cols-[minmax(0,1fr)_24px] gap-1 rounded-md border border-line bg-surface p-1.5",
        }}
      />
    </div>
  );
}

function Pick({ options, value, handleOnChange, title, path, level }: VersatileSelectorProps) {
  const isCombinator = path.length === level && options.length === 2;
  return (
    <select
      className={
        isCombinator ? "h-7 rounded-md border border-line-strong bg-surface px-1.5 text-xs" : `${box} col-start-1`
      }
      aria-label={title}
      value={value ?? ""}
      onChange={(e) => handleOnChange(e.target.value)}
    >
      {toOptions(options)}
    </select>
  );
}

function Value({ field, operator, value, handleOnChange, context }: ValueEditorProps) {
  const { find } = context as { find: (name: string) => NamedField | undefined };
  if (operator === "empty" || operator === "filled") return null;
  return <RuleValue field={find(field)} operator={operator} value={String(value ?? "")} onChange={handleOnChange} />;
}

const Add = ({ label, title, handleOnClick }: ActionProps) => (
  <button
    type="button"
    title={title}
    className="h-7 px-1 text-xs font-medium text-accent-text hover:underline"
    onClick={handleOnClick}
  >
    {`+ ${String(label)}`}
  </button>
);

const Remove = ({ title, handleOnClick }: ActionProps) => (
  <button
    type="button"
    aria-label={title}
    title={title}
    className="col-start-2 row-start-1 grid size-6 place-items-center self-center rounded-sm text-ink-3 hover:bg-sunken hover:text-ink"
    onClick={handleOnClick}
  >
    <X aria-hidden className="size-3.5" />
  </button>
);

/** Fields by their object; one the model does not know, but a rule names, is offered too, so that nothing is changed by looking. */
function grouped(fields: readonly NamedField[], query: RuleGroupType): OptionGroup<Field>[] {
  const groups = new Map<string, Field[]>();
  const put = (group: string, field: Field) => groups.set(group, [...(groups.get(group) ?? []), field]);
  for (const f of fields) if (!isOpen(f)) put(f.group, { name: f.name, value: f.name, label: f.label });
  const known = new Set(fields.map((f) => f.name));
  const visit = (group: RuleGroupType) => {
    for (const one of group.rules)
      if ("rules" in one) visit(one);
      else if (!known.has(one.field)) {
        known.add(one.field);
        put("?", { name: one.field, value: one.field, label: one.field });
      }
  };
  visit(query);
  return [...groups].map(([label, options]) => ({ label, options }));
}

const toQuery = (rules: Rules | null): RuleGroupType => ({
  combinator: rules?.combinator ?? "and",
  rules: (rules?.rules ?? []).map((one): RuleGroupType | RuleType => (isGroup(one) ? toQuery(one) : { ...one })),
});

const toRules = (query: RuleGroupType): Rules => ({
  combinator: query.combinator === "or" ? "or" : "and",
  rules: query.rules.map((one): Rule | Rules =>
    "rules" in one ? toRules(one) : { field: one.field, operator: one.operator, value: String(one.value ?? "") },
  ),
});
