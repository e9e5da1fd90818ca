"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslations } from "use-intl";
import { type Action, actionSchema, type Process } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { useChoices, useNamedFields } from "../choices.tsx";
import { actionFields, freshAction, type Verb, verbs } from "./action-fields.ts";
import { ActionTry } from "./action-try.tsx";
import { ActionWidget } from "./action-widget.tsx";
import { filled } from "./as-key.ts";
import { ConditionField } from "./condition-field.tsx";
import { Item } from "./part.tsx";

/** What the system does, in order: every verb with every field it has. */
export function ActionList({
  doc,
  place,
  label,
  node = null,
  actions,
  onChange,
}: {
  doc: Process;
  /** Where the list stands: typing in one place of it is one entry of the history. */
  place: string;
  label: string;
  /** The step they belong to; an SLA's belong to none. */
  node?: string | null;
  actions: readonly Action[];
  onChange: (actions: Action[], typing: string | null) => void;
}) {
  const t = useTranslations("editor");
  const fields = useNamedFields(doc, t("answers"));
  const { connections } = useChoices();
  const swap = (i: number, by: number) => {
    const next = [...actions];
    const [one] = next.splice(i, 1);
    if (one) next.splice(i + by, 0, one);
    onChange(next, null);
  };
  return (
    <fieldset className="grid gap-2" aria-label={label}>
      {actions.map((action, i) => (
        <Item
          key={i}
          title={`${i + 1}. ${t(`verb.${action.verb}`)}`}
          remove={t("removeAction")}
          onRemove={() =>
            onChange(
              actions.filter((_, j) => j !== i),
              null,
            )
          }
        >
          <OneAction
            doc={doc}
            action={action}
            onChange={(next, key) =>
              onChange(
                actions.map((a, j) => (j === i ? next : a)),
                key && `${place}:${i}:${key}`,
              )
            }
          />
          <ActionTry key={action.verb} doc={doc} node={node} action={action} />
          {actions.length > 1 && (
            <span className="flex gap-1">
              <Mover label={t("earlier")} icon={ArrowUp} disabled={i === 0} onClick={() => swap(i, -1)} />
              <Mover
                label={t("later")}
                icon={ArrowDown}
                disabled={i === actions.length - 1}
                onClick={() => swap(i, 1)}
              />
            </span>
          )}
        </Item>
      ))}
      <select
        className={inputLook}
        aria-label={t("addActionTo", { list: label })}
        value=""
        onChange={(e) =>
          e.target.value &&
          onChange(
            [
              ...actions,
              freshAction(e.target.value as Verb, {
                recordType: doc.recordType,
                field: fields.find((f) => !f.derived)?.name ?? `${doc.recordType}.owner_id`,
                process: doc.key,
                connection: (kind) => connections.find((one) => one.kind === kind)?.key ?? kind,
              }),
            ],
            null,
          )
        }
      >
        <option value="">{t("addAction")}</option>
        {verbs.map((verb) => (
          <option key={verb} value={verb}>
            {t(`verb.${verb}`)}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

export const Mover = ({
  label,
  icon: Icon,
  disabled,
  onClick,
}: {
  label: string;
  icon: typeof ArrowUp;
  disabled: boolean;
  onClick: () => void;
}) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    disabled={disabled}
    onClick={onClick}
    className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-sunken hover:text-ink disabled:opacity-40"
  >
    <Icon aria-hidden className="size-3.5" />
  </button>
);

function OneAction({
  doc,
  action,
  onChange,
}: {
  doc: Process;
  action: Action;
  onChange: (action: Action, typing: string | null) => void;
}) {
  const t = useTranslations("editor");
  const set = (key: string, value: unknown, typing: string | null) => {
    // Only a whole action goes into the document: a required field cannot be emptied.
    const next = actionSchema.safeParse(filled({ ...action, [key]: value }));
    if (next.success) onChange(next.data, typing);
    else {
      const kept = actionSchema.safeParse({ ...filled(action), [key]: value });
      if (kept.success) onChange(kept.data, typing);
    }
  };
  return (
    <>
      {actionFields[action.verb].map((field) => (
        <ActionWidget
          key={field.key}
          doc={doc}
          field={field}
          value={Object.entries(action).find(([k]) => k === field.key)?.[1]}
          onChange={set}
        />
      ))}
      <ConditionField
        doc={doc}
        label={t("actionField.when")}
        value={action.when ?? ""}
        onChange={(v) => set("when", v || undefined, "when")}
      />
    </>
  );
}
