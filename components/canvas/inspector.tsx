"use client";
import { useTranslations } from "use-intl";
import { Field, inputLook } from "../ui/field.tsx";
import { ActionList } from "./action-list.tsx";
import { Branches } from "./branches.tsx";
import { setEdge, setNode, setOtherwise } from "./document.ts";
import { FormEditor } from "./form-editor.tsx";
import { KindFields } from "./kind-fields.tsx";
import { SlaEditor } from "./sla-editor.tsx";
import { Check } from "./check.tsx";
import { Text } from "./text-field.tsx";
import type { EditorState } from "./use-editor.ts";

export type InspectorProps = { editor: EditorState; fields: string[] };

/** Everything of the selected step or connection; nothing is reachable by file only. */
export function Inspector({
  editor,
  fields,
  connecting,
  onConnected,
}: InspectorProps & { connecting: boolean; onConnected: () => void }) {
  const t = useTranslations("editor");
  const { doc, selected, run } = editor;
  const node = doc.nodes.find((n) => n.id === selected);
  const edge = doc.edges.find((e) => e.id === selected);
  const own = editor.problems.filter((p) => (node && p.node === node.id) || (edge && p.edge === edge.id));
  return (
    <aside aria-label={t("inspector")} className="min-h-0 overflow-auto border-l border-line bg-surface p-4">
      <div className="grid gap-4">
        {own.map((p) => (
          <p
            key={p.code + p.text}
            className={
              p.severity === "error"
                ? "rounded-md bg-breach-bg px-3 py-2 text-sm text-breach"
                : "rounded-md bg-risk-bg px-3 py-2 text-sm text-risk"
            }
          >
            {p.text}
          </p>
        ))}
        {edge && (
          <>
            <h2 className="text-sm font-semibold">{t("connection")}</h2>
            <Text
              label={t("label")}
              value={edge.label ?? ""}
              onChange={(v) =>
                run(t("did.edit"), (d) => setEdge(d, edge.id, { label: v || undefined }), `label:${edge.id}`)
              }
            />
            <Text
              label={t("when")}
              mono
              value={edge.when ?? ""}
              onChange={(v) =>
                run(
                  t("did.edit"),
                  (d) => setEdge(d, edge.id, { when: v || undefined, ...(v && { otherwise: undefined }) }),
                  `when:${edge.id}`,
                )
              }
            />
            <Check
              label={t("isOtherwise")}
              checked={edge.otherwise === true}
              onChange={(on) =>
                run(t("did.edit"), (d) =>
                  on ? setOtherwise(d, edge.id) : setEdge(d, edge.id, { otherwise: undefined }),
                )
              }
            />
            <Check
              label={t("isRework")}
              checked={edge.rework === true}
              onChange={(on) => run(t("did.edit"), (d) => setEdge(d, edge.id, { rework: on || undefined }))}
            />
            <Text
              label={t("handoff")}
              value={edge.handoff ?? ""}
              onChange={(v) =>
                run(t("did.edit"), (d) => setEdge(d, edge.id, { handoff: v || undefined }), `handoff:${edge.id}`)
              }
            />
          </>
        )}
        {node && (
          <>
            <h2 className="text-sm font-semibold">{t(`kinds.${node.kind}`)}</h2>
            <Text
              label={t("name")}
              value={node.name}
              onChange={(v) => run(t("did.rename"), (d) => setNode(d, node.id, { name: v }), `name:${node.id}`)}
            />
            {(node.kind === "task" || node.kind === "approval") && (
              <>
                <Field label={t("role")}>
                  {(ids) => (
                    <select
                      {...ids}
                      className={inputLook}
                      value={node.role ?? ""}
                      onChange={(e) =>
                        run(t("did.edit"), (d) => setNode(d, node.id, { role: e.target.value || undefined }))
                      }
                    >
                      <option value="">{t("nobody")}</option>
                      {Object.entries(doc.roles).map(([key, role]) => (
                        <option key={key} value={key}>
                          {role.name}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
                <NewRole editor={editor} node={node.id} />
                <Text
                  label={t("guidance")}
                  long
                  value={node.playbook ?? ""}
                  onChange={(v) =>
                    run(t("did.edit"), (d) => setNode(d, node.id, { playbook: v || undefined }), `playbook:${node.id}`)
                  }
                />
                <FormEditor editor={editor} node={node} fields={fields} />
              </>
            )}
            <KindFields editor={editor} node={node} />
            {node.kind !== "end" && (
              <Branches editor={editor} node={node} connecting={connecting} onConnected={onConnected} />
            )}
            {node.kind !== "start" &&
              node.kind !== "end" &&
              node.kind !== "decision" &&
              node.kind !== "parallel" &&
              node.kind !== "join" && (
                <>
                  <SlaEditor editor={editor} node={node} />
                  <Text
                    label={t("entryCriteria")}
                    mono
                    value={node.entryCriteria ?? ""}
                    onChange={(v) =>
                      run(
                        t("did.edit"),
                        (d) => setNode(d, node.id, { entryCriteria: v || undefined }),
                        `entry:${node.id}`,
                      )
                    }
                  />
                  <Text
                    label={t("skipWhen")}
                    mono
                    value={node.skipWhen ?? ""}
                    onChange={(v) =>
                      run(t("did.edit"), (d) => setNode(d, node.id, { skipWhen: v || undefined }), `skip:${node.id}`)
                    }
                  />
                  <ActionList editor={editor} node={node} fields={fields} />
                </>
              )}
            <Text
              label={t("ownNote")}
              long
              value={node.note ?? ""}
              onChange={(v) =>
                run(t("did.edit"), (d) => setNode(d, node.id, { note: v || undefined }), `note:${node.id}`)
              }
            />
          </>
        )}
        {!node && !edge && (
          <>
            <h2 className="text-sm font-semibold">{t("process")}</h2>
            <Text
              label={t("name")}
              value={doc.name}
              onChange={(v) => run(t("did.rename"), (d) => ({ ...d, name: v || d.name }), "process:name")}
            />
            <Text
              label={t("summary")}
              long
              value={doc.summary}
              onChange={(v) => run(t("did.edit"), (d) => ({ ...d, summary: v }), "process:summary")}
            />
            <Text
              label={t("valueAtRisk")}
              mono
              value={doc.valueAtRisk ?? ""}
              onChange={(v) =>
                run(
                  t("did.edit"),
                  (d) => ({ ...d, ...(v ? { valueAtRisk: v } : { valueAtRisk: undefined }) }),
                  "process:value",
                )
              }
            />
            <p className="text-sm text-ink-3">{t("selectHint")}</p>
          </>
        )}
      </div>
    </aside>
  );
}

/** A role that the process does not have yet, made and given in one go. */
function NewRole({ editor, node }: { editor: EditorState; node: string }) {
  const t = useTranslations("editor");
  return (
    <form
      className="flex gap-2"
      onSubmit={(e) => {
        e.preventDefault();
        const form = e.currentTarget;
        const name = String(new FormData(form).get("role") ?? "").trim();
        const key = name
          .normalize("NFD")
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, "_")
          .replace(/^[^a-z]+|_+$/g, "")
          .slice(0, 60);
        if (!key) return;
        editor.run(t("did.edit"), (d) =>
          setNode({ ...d, roles: { ...d.roles, [key]: d.roles[key] ?? { name } } }, node, { role: key }),
        );
        form.reset();
      }}
    >
      <input name="role" aria-label={t("newRole")} placeholder={t("newRole")} className={inputLook} maxLength={80} />
    </form>
  );
}
