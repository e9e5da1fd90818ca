"use client";
import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Action, ProcessNode } from "@/server/engine/process.ts";
import { inputLook } from "../ui/field.tsx";
import { setNode } from "./document.ts";
import type { EditorState } from "./use-editor.ts";

const verbs = [
  "set",
  "notify",
  "create",
  "assign",
  "start_process",
  "emit",
  "send_template",
  "lock",
  "unlock",
  "log",
] as const;

/** What the system does at this step, in order. */
export function ActionList({ editor, node, fields }: { editor: EditorState; node: ProcessNode; fields: string[] }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const actions = node.actions ?? [];
  const put = (next: Action[], typing: string | null = null) =>
    run(t("did.edit"), (d) => setNode(d, node.id, { actions: next.length ? next : undefined }), typing);
  const change = (i: number, key: string, value: string) =>
    put(
      actions.map((a, j) =>
        j === i
          ? (Object.fromEntries(Object.entries({ ...a, [key]: value }).filter(([, v]) => v !== "")) as Action)
          : a,
      ),
      `action:${node.id}:${i}:${key}`,
    );
  const fresh = (verb: (typeof verbs)[number]): Action => {
    const object = doc.recordType;
    if (verb === "set") return { verb, field: fields[0] ?? `${object}.owner_id`, value: '""' };
    if (verb === "notify") return { verb, to: "assignee" };
    if (verb === "create") return { verb, type: object };
    if (verb === "assign") return { verb };
    if (verb === "start_process") return { verb, process: doc.key };
    if (verb === "emit") return { verb, event: "event.name" };
    if (verb === "send_template") return { verb, template: "template" };
    if (verb === "log") return { verb, text: "" };
    return { verb, object };
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-xs font-semibold text-ink-3">{t("actions")}</legend>
      {actions.map((action, i) => (
        <div key={i} className="grid gap-1 rounded-md bg-sunken p-2">
          <div className="flex items-center gap-2">
            <span className="text-xs font-semibold">{t(`verb.${action.verb}`)}</span>
            <button
              type="button"
              aria-label={t("removeAction")}
              className="ml-auto grid size-6 place-items-center rounded-sm hover:bg-surface"
              onClick={() => put(actions.filter((_, j) => j !== i))}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </div>
          {Object.entries({ ...action, when: action.when ?? "" })
            .filter(([key, value]) => key !== "verb" && typeof value === "string")
            .map(([key, value]) => (
              <label key={key} className="grid gap-0.5 text-2xs text-ink-3">
                {t.has(`actionField.${key}`) ? t(`actionField.${key}`) : key}
                <input
                  className={`${inputLook} font-mono text-xs`}
                  value={String(value)}
                  spellCheck={false}
                  onChange={(e) => change(i, key, e.target.value)}
                />
              </label>
            ))}
        </div>
      ))}
      <select
        className={inputLook}
        aria-label={t("addAction")}
        value=""
        onChange={(e) => e.target.value && put([...actions, fresh(e.target.value as (typeof verbs)[number])])}
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
