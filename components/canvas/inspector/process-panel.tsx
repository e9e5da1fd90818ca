"use client";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { typeScopeOf, useChoices, useNamedFields } from "../choices.tsx";
import { freeId } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { asKey, filled } from "./as-key.ts";
import { At } from "./at.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { FeelInput } from "./feel-input.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { without } from "./people-panel.tsx";
import { isShort, Strict, Text } from "./text-field.tsx";

type Related = Process["related"][string];

/** What holds for the whole process: its words, what is at risk, how often it may run, related records, stages. */
export function ProcessPanel({ editor }: { editor: EditorState }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const { types } = useChoices();
  const fields = useNamedFields(doc, t("answers"));
  const scope = useMemo(() => typeScopeOf(fields), [fields]);
  const put = (change: Partial<Process>, typing: string | null = null) =>
    run(t("did.process"), (d) => ({ ...d, ...change }), typing);
  const drop = (key: "valueAtRisk" | "idleLimit" | "keepMessages" | "reentry", typing: string | null) =>
    run(
      t("did.process"),
      (d) => {
        const { [key]: _, ...rest } = d;
        return rest;
      },
      typing,
    );
  const setRelated = (key: string, change: Partial<Related>, typing: string | null = null) =>
    put({ related: { ...doc.related, [key]: filled({ ...doc.related[key], ...change }) } }, typing);
  const typeOptions = types.map((type) => [type.key, type.label] as const);
  return (
    <>
      <Text
        label={t("summary")}
        long
        max={2000}
        value={doc.summary}
        onChange={(summary) => put({ summary }, "process:summary")}
      />
      <Choice
        label={t("recordType")}
        value={doc.recordType}
        options={typeOptions}
        onChange={(recordType) => put({ recordType })}
      />
      <div className="grid gap-1">
        <span aria-hidden className="text-xs font-medium text-ink-2">
          {t("valueAtRisk")}
        </span>
        <FeelInput
          label={t("valueAtRisk")}
          value={doc.valueAtRisk ?? ""}
          types={scope}
          onChange={(v) => (v ? put({ valueAtRisk: v }, "process:value") : drop("valueAtRisk", "process:value"))}
        />
      </div>
      <Choice
        label={t("runPolicy")}
        value={doc.runPolicy}
        options={[
          ["one_active_per_record", t("runPolicies.one")],
          ["many", t("runPolicies.many")],
        ]}
        onChange={(v) => put({ runPolicy: v === "many" ? "many" : "one_active_per_record" })}
      />
      <At field="reentry">
        <Choice
          label={t("flow.reentry")}
          value={typeof doc.reentry === "object" ? "after" : (doc.reentry ?? "always")}
          options={(["always", "never", "after"] as const).map((k) => [k, t(`flow.reentries.${k}`)])}
          help={t("flow.reentryHelp")}
          onChange={(v) =>
            v === "after"
              ? put({ reentry: { after: "30d" } })
              : v === "never"
                ? put({ reentry: "never" })
                : drop("reentry", null)
          }
        />
        {typeof doc.reentry === "object" && (
          <Strict
            label={t("flow.reentryAfter")}
            value={doc.reentry.after}
            accept={isShort}
            wrong={t("wrong.duration")}
            onChange={(after) => put({ reentry: { after } }, "process:reentry")}
          />
        )}
      </At>
      <At field="keepMessages">
        <Strict
          label={t("flow.keepMessages")}
          help={t("flow.keepMessagesHelp")}
          value={doc.keepMessages ?? ""}
          accept={(v) => v === "" || isShort(v)}
          wrong={t("wrong.duration")}
          onChange={(v) =>
            v ? put({ keepMessages: v }, "process:messages") : drop("keepMessages", "process:messages")
          }
        />
      </At>
      <Strict
        label={t("idleLimit")}
        help={t("idleHelp")}
        value={doc.idleLimit ?? ""}
        accept={(v) => v === "" || isShort(v)}
        wrong={t("wrong.duration")}
        onChange={(v) => (v ? put({ idleLimit: v }, "process:idle") : drop("idleLimit", "process:idle"))}
      />
      <Part title={t("relatedTitle")} count={Object.keys(doc.related).length} open={false}>
        {Object.entries(doc.related).map(([key, rule]) => (
          <Item
            key={key}
            title={key}
            remove={t("removeRelated", { name: key })}
            onRemove={() => put({ related: without(doc.related, key) })}
          >
            <Text
              label={t("relatedPath")}
              mono
              max={130}
              value={rule.path ?? ""}
              suggestions={fields.map((f) => f.name).filter((f) => f.endsWith("_id"))}
              onChange={(path) => setRelated(key, { path }, `relpath:${key}`)}
            />
            <Choice
              label={t("relatedNewest")}
              value={rule.newest ?? ""}
              options={[["", t("notSet")], ...typeOptions]}
              onChange={(newest) => setRelated(key, { newest })}
            />
            <Choice
              label={t("relatedOf")}
              value={rule.of ?? ""}
              options={[
                ["", t("relatedRecordItself")],
                ...Object.keys(doc.related)
                  .filter((k) => k !== key)
                  .map((k) => [k, k] as const),
              ]}
              onChange={(of) => setRelated(key, { of })}
            />
            <Choice
              label={t("relatedThrough")}
              value={rule.through ?? ""}
              options={[
                ["", t("notSet")],
                ...Object.keys(doc.related)
                  .filter((k) => k !== key)
                  .map((k) => [k, k] as const),
              ]}
              onChange={(through) => setRelated(key, { through })}
            />
            <ConditionField
              doc={doc}
              label={t("relatedWhere")}
              value={rule.where ?? ""}
              onChange={(where) => setRelated(key, { where }, `relwhere:${key}`)}
            />
            <Text
              label={t("relatedNote")}
              max={300}
              value={rule.note ?? ""}
              onChange={(note) => setRelated(key, { note }, `relnote:${key}`)}
            />
          </Item>
        ))}
        <form
          onSubmit={(e) => {
            e.preventDefault();
            const form = e.currentTarget;
            const key = asKey(String(new FormData(form).get("related") ?? ""));
            if (!key || doc.related[key]) return;
            put({ related: { ...doc.related, [key]: types.some((type) => type.key === key) ? { newest: key } : {} } });
            form.reset();
          }}
        >
          <input
            name="related"
            aria-label={t("addRelated")}
            placeholder={t("addRelated")}
            maxLength={60}
            className="h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm"
          />
        </form>
      </Part>
      <Part title={t("groups")} count={doc.groups.length} open={false}>
        {doc.groups.map((group) => (
          <Item
            key={group.id}
            title={group.name}
            remove={t("removeGroup", { name: group.name })}
            onRemove={() =>
              run(t("did.process"), (d) => ({
                ...d,
                groups: d.groups.filter((g) => g.id !== group.id),
                nodes: d.nodes.map((n) => {
                  if (n.group !== group.id) return n;
                  const { group: _, ...rest } = n;
                  return rest;
                }),
              }))
            }
          >
            <Text
              label={t("groupName")}
              value={group.name}
              onChange={(name) =>
                put({ groups: doc.groups.map((g) => (g.id === group.id ? { ...g, name } : g)) }, `group:${group.id}`)
              }
            />
          </Item>
        ))}
        <AddButton
          onClick={() =>
            put({
              groups: [
                ...doc.groups,
                {
                  id: freeId(
                    doc.groups.map((g) => g.id),
                    "group",
                  ),
                  name: t("groupNew", { n: doc.groups.length + 1 }),
                },
              ],
            })
          }
        >
          {t("addGroup")}
        </AddButton>
      </Part>
    </>
  );
}
