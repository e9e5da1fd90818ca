"use client";
import { useTranslations } from "use-intl";
import { isHuman, type ProcessNode } from "@/server/engine/process.ts";
import type { Requirement } from "@/server/engine/work/gate-schema.ts";
import { useNamedFields } from "../choices.tsx";
import { setNode } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { At } from "./at.tsx";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { Strict, Text } from "./text-field.tsx";
import { TryStep } from "./try-step.tsx";

type Props = { editor: EditorState; node: ProcessNode };
type Gate = NonNullable<ProcessNode["gate"]>;
const kinds = ["field", "condition", "link", "note", "record", "checklist"] as const;

function useGate({ editor, node }: Props) {
  const t = useTranslations("editor");
  return (change: Partial<Gate>, typing: string | null = null) => {
    const entries = Object.entries({ ...node.gate, ...change }).filter(
      ([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
    );
    const gate = entries.length ? (Object.fromEntries(entries) as Gate) : undefined;
    editor.run(t("did.edit"), (d) => setNode(d, node.id, { gate }), typing && `${typing}:${node.id}`);
  };
}

/** What has to be there before a step is finished, who may finish it, and which moves by hand are forbidden. */
export function GatePart({ editor, node }: Props) {
  const t = useTranslations("editor.gate");
  const set = useGate({ editor, node });
  const { gate } = node;
  const human = isHuman(node.kind);
  const count = (gate?.exit?.length ?? 0) + (gate?.who?.length ?? 0) + (gate?.noSkip ? 1 : 0) + (gate?.noBack ? 1 : 0);
  return (
    <Part title={t("title")} count={count} open={count > 0}>
      {(human || gate?.exit) && (
        <>
          <Requirements editor={editor} node={node} side="exit" />
          <At field="gate.who">
            <fieldset className="grid gap-1">
              <legend className="text-xs font-medium text-ink-2">{t("who")}</legend>
              {Object.entries(editor.doc.roles).map(([key, role]) => (
                <Check
                  key={key}
                  label={role.name || key}
                  checked={gate?.who?.includes(key) === true}
                  onChange={(on) =>
                    set({ who: on ? [...(gate?.who ?? []), key] : (gate?.who ?? []).filter((one) => one !== key) })
                  }
                />
              ))}
            </fieldset>
          </At>
        </>
      )}
      <At field="gate.noSkip">
        <Check label={t("noSkip")} checked={gate?.noSkip === true} onChange={(noSkip) => set({ noSkip })} />
      </At>
      <Check label={t("noBack")} checked={gate?.noBack === true} onChange={(noBack) => set({ noBack })} />
      {node.kind !== "approval" && (gate ?? node.entryCriteria) && <TryStep editor={editor} node={node} />}
    </Part>
  );
}

/** A list of things that have to be there. */
export function Requirements({ editor, node, side }: Props & { side: "entry" | "exit" }) {
  const t = useTranslations("editor.gate");
  const set = useGate({ editor, node });
  const list = node.gate?.[side] ?? [];
  const change = (next: Requirement[], typing: string | null = null) => set({ [side]: next }, typing);
  return (
    <div className="grid gap-2">
      <p className="text-xs font-medium text-ink-2">{t(side)}</p>
      {list.map((one, i) => (
        <At key={i} field={`gate.${side}.${i}`}>
          <Item
            title={t(`kinds.${one.kind}`)}
            remove={t("remove", { n: i + 1 })}
            onRemove={() => change(list.filter((_, j) => j !== i))}
          >
            <RequirementFields
              editor={editor}
              node={node}
              side={side}
              asked={one}
              onChange={(to, typing) =>
                change(
                  list.map((old, j) => (j === i ? to : old)),
                  typing && `gate.${side}.${i}.${typing}`,
                )
              }
            />
          </Item>
        </At>
      ))}
      <AddButton onClick={() => change([...list, freshOf("field", editor, node)])}>{t("add")}</AddButton>
    </div>
  );
}

function freshOf(kind: Requirement["kind"], { doc }: EditorState, node: ProcessNode): Requirement {
  const field = `${doc.recordType}.owner_id`;
  switch (kind) {
    case "field":
    case "link":
      return { kind, field };
    case "note":
      return { kind, field, atLeast: 20 };
    case "condition":
      return { kind, when: "" };
    case "record":
      return { kind, record: Object.keys(doc.related)[0] ?? doc.recordType };
    case "checklist": {
      const item = node.checklist?.[0]?.id;
      return { kind, ...(item && { item }) };
    }
    default:
      return kind satisfies never;
  }
}

function RequirementFields({
  editor,
  node,
  side,
  asked,
  onChange,
}: Props & {
  side: "entry" | "exit";
  asked: Requirement;
  onChange: (to: Requirement, typing: string | null) => void;
}) {
  const t = useTranslations("editor.gate");
  const te = useTranslations("editor");
  const { doc } = editor;
  const fields = useNamedFields(doc, te("answers"));
  const named = fields.filter(({ name, derived }) => !derived && name.split(".").length === 2);
  const options = named.map(({ name, label }) => [name, `${label} (${name})`] as const);
  return (
    <>
      <Choice
        label={t("kind")}
        value={asked.kind}
        options={kinds.filter((k) => side === "exit" || k !== "checklist").map((k) => [k, t(`kinds.${k}`)] as const)}
        onChange={(v) => {
          const kind = kinds.find((k) => k === v);
          if (kind) onChange({ ...freshOf(kind, editor, node), ...(asked.text && { text: asked.text }) }, null);
        }}
      />
      {"field" in asked && (
        <Choice
          label={t("field")}
          value={asked.field}
          options={options.some(([name]) => name === asked.field) ? options : [[asked.field, asked.field], ...options]}
          onChange={(field) => onChange({ ...asked, field }, null)}
        />
      )}
      {asked.kind === "note" && (
        <Strict
          label={t("atLeast")}
          value={String(asked.atLeast)}
          accept={(v) => /^[1-9]\d{0,3}$/.test(v) && Number(v) <= 5000}
          wrong={te("wrong.number")}
          onChange={(v) => onChange({ ...asked, atLeast: Number(v) }, "atLeast")}
        />
      )}
      {asked.kind === "condition" && (
        <ConditionField
          doc={doc}
          label={t("when")}
          value={asked.when}
          onChange={(when) => onChange({ ...asked, when }, "when")}
        />
      )}
      {asked.kind === "record" && (
        <>
          <Choice
            label={t("record")}
            value={asked.record}
            options={[doc.recordType, ...Object.keys(doc.related)].map((key) => [key, key] as const)}
            onChange={(record) => onChange({ ...asked, record }, null)}
          />
          <ConditionField
            doc={doc}
            label={t("where")}
            value={asked.where ?? ""}
            onChange={(where) => onChange({ ...asked, where: where || undefined }, "where")}
          />
        </>
      )}
      {asked.kind === "checklist" && (
        <Choice
          label={t("item")}
          value={asked.item ?? ""}
          options={[["", t("allItems")], ...(node.checklist ?? []).map(({ id, text }) => [id, text] as const)]}
          onChange={(v) => onChange({ ...asked, item: v || undefined }, null)}
        />
      )}
      <Text
        label={t("text")}
        help={t("textHelp")}
        max={300}
        value={asked.text ?? ""}
        onChange={(text) => onChange({ ...asked, text: text || undefined }, "text")}
      />
      {side === "exit" && (
        <Text
          label={t("outcomes")}
          help={t("outcomesHelp")}
          value={(asked.outcomes ?? []).join(", ")}
          onChange={(v) => {
            const outcomes = v.split(",").map((one) => one.trim());
            onChange({ ...asked, outcomes: outcomes.some(Boolean) ? outcomes : undefined }, "outcomes");
          }}
        />
      )}
    </>
  );
}
