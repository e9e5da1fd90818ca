"use client";
import { useTranslations } from "use-intl";
import { isHuman, isStep, type ProcessNode } from "@/server/engine/process.ts";
import { Field, inputLook } from "../../ui/field.tsx";
import { freeId, setNode } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { ActionList } from "./action-list.tsx";
import { asKey } from "./as-key.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { GatePart, Requirements } from "./gate-editor.tsx";
import { FormEditor } from "./form-editor.tsx";
import { GuidanceEditor } from "./guidance-editor.tsx";
import { KindFields } from "./kind-fields.tsx";
import { listOf } from "../../routing/routing-fields.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { PickTry } from "./pick-try.tsx";
import { Text } from "./text-field.tsx";

/** What is done at this step, by whom, with what. */
export function TabDo({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const r = useTranslations("routing");
  const { doc, run } = editor;
  const set = (change: Partial<ProcessNode>, typing: string | null = null) =>
    run(t("did.edit"), (d) => setNode(d, node.id, change), typing);
  const human = isHuman(node.kind);
  const form = node.form ? (doc.forms[node.form]?.fields.length ?? 0) : 0;
  const tables = Object.entries(doc.decisionTables);
  return (
    <>
      {(human || node.role) && (
        <>
          <Choice
            label={t("role")}
            value={node.role ?? ""}
            options={[["", t("nobody")], ...Object.entries(doc.roles).map(([key, role]) => [key, role.name] as const)]}
            onChange={(v) => set({ role: v || undefined })}
          />
          <NewRole editor={editor} node={node.id} />
          {human && (
            <Part title={r("skills")} count={node.skills?.length ?? 0} open={Boolean(node.skills?.length)}>
              <Field label={r("skills")} help={r("skillsHelp")}>
                {(ids) => (
                  <input
                    {...ids}
                    key={(node.skills ?? []).join()}
                    className={inputLook}
                    defaultValue={(node.skills ?? []).join(", ")}
                    onBlur={(e) => {
                      const skills = listOf(e.target.value);
                      if (skills.join() !== (node.skills ?? []).join())
                        set({ skills: skills.length ? skills : undefined });
                    }}
                  />
                )}
              </Field>
            </Part>
          )}
          {human && node.role && (
            <Part title={r("try")} open={false}>
              <PickTry doc={doc} node={node.id} />
            </Part>
          )}
        </>
      )}
      <KindFields editor={editor} node={node} />
      {isStep(node.kind) && (
        <>
          {(human || node.playbook) && (
            <GuidanceEditor
              value={node.playbook ?? ""}
              onChange={(v) => set({ playbook: v || undefined }, `playbook:${node.id}`)}
            />
          )}
          {(human || node.form) && (
            <Part title={t("form")} count={form}>
              <FormEditor editor={editor} node={node} />
            </Part>
          )}
          {(human || node.checklist) && (
            <Part title={t("checklist")} count={node.checklist?.length ?? 0} open={Boolean(node.checklist?.length)}>
              <Checklist editor={editor} node={node} />
            </Part>
          )}
          <Part
            title={t("actions")}
            count={node.actions?.length ?? 0}
            open={node.kind === "automation" || Boolean(node.actions?.length)}
          >
            <ActionList
              doc={doc}
              place={`actions:${node.id}`}
              label={t("actions")}
              node={node.id}
              actions={node.actions ?? []}
              onChange={(next, typing) =>
                set({ actions: next.length || node.kind === "automation" ? next : undefined }, typing)
              }
            />
          </Part>
          {tables.length > 0 && (
            <Part
              title={t("tablesUsed")}
              count={node.decisionTables?.length ?? 0}
              open={Boolean(node.decisionTables?.length)}
            >
              {tables.map(([key, table]) => (
                <Check
                  key={key}
                  label={table.name ?? key}
                  checked={node.decisionTables?.includes(key) ?? false}
                  onChange={(on) => {
                    const next = (node.decisionTables ?? []).filter((k) => k !== key);
                    if (on) next.push(key);
                    set({ decisionTables: next.length ? next : undefined });
                  }}
                />
              ))}
            </Part>
          )}
          <Part
            title={t("whenEntered")}
            count={(node.entryCriteria ? 1 : 0) + (node.skipWhen ? 1 : 0) + (node.gate?.entry?.length ?? 0)}
            open={Boolean(node.entryCriteria ?? node.skipWhen ?? node.gate?.entry)}
          >
            <ConditionField
              doc={doc}
              label={t("entryCriteria")}
              value={node.entryCriteria ?? ""}
              onChange={(v) => set({ entryCriteria: v || undefined }, `entry:${node.id}`)}
            />
            <Requirements editor={editor} node={node} side="entry" />
            <ConditionField
              doc={doc}
              label={t("skipWhen")}
              value={node.skipWhen ?? ""}
              onChange={(v) => set({ skipWhen: v || undefined }, `skip:${node.id}`)}
            />
          </Part>
          <GatePart editor={editor} node={node} />
        </>
      )}
    </>
  );
}

function Checklist({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const items = node.checklist ?? [];
  const put = (next: typeof items, typing: string | null = null) =>
    editor.run(t("did.edit"), (d) => setNode(d, node.id, { checklist: next.length ? next : undefined }), typing);
  return (
    <>
      {items.map((item, i) => (
        <Item
          key={item.id}
          title={`${i + 1}`}
          remove={t("removeItem", { n: i + 1 })}
          onRemove={() => put(items.filter((_, j) => j !== i))}
        >
          <Text
            label={t("item", { n: i + 1 })}
            max={500}
            value={item.text}
            onChange={(text) =>
              put(
                items.map((o, j) => (j === i ? { ...o, text } : o)),
                `item:${node.id}:${item.id}`,
              )
            }
          />
          <Check
            label={t("byHand")}
            checked={item.byHand === true}
            onChange={(on) =>
              put(items.map((o, j) => (j === i ? { id: o.id, text: o.text, ...(on && { byHand: true }) } : o)))
            }
          />
        </Item>
      ))}
      <AddButton
        onClick={() =>
          put([
            ...items,
            {
              id: freeId(
                items.map((o) => o.id),
                "item",
              ),
              text: "",
            },
          ])
        }
      >
        {t("addItem")}
      </AddButton>
    </>
  );
}

/** A role that the process does not have yet, made and given in one go. */
function NewRole({ editor, node }: { editor: EditorState; node: string }) {
  const t = useTranslations("editor");
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        const form = e.currentTarget;
        const name = String(new FormData(form).get("role") ?? "").trim();
        if (!name) return;
        const key = asKey(name) || freeId(Object.keys(editor.doc.roles), "role");
        editor.run(t("did.role", { name }), (d) =>
          setNode({ ...d, roles: { ...d.roles, [key]: d.roles[key] ?? { name } } }, node, { role: key }),
        );
        form.reset();
      }}
    >
      <input name="role" aria-label={t("newRole")} placeholder={t("newRole")} className={inputLook} maxLength={80} />
    </form>
  );
}
