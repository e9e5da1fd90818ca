"use client";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import type { EditorState } from "../use-editor.ts";
import { ApprovalFields } from "./approval-fields.tsx";
import { CallFields, LoopFields } from "./body-fields.tsx";
import { EndFields, JoinFields } from "./gate-fields.tsx";
import { Strict } from "./text-field.tsx";
import { useConfig } from "./use-config.tsx";
import { WaitFields } from "./wait-fields.tsx";

/** What only this kind of step has. */
export function KindFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  switch (node.kind) {
    case "start":
      return <StartFields editor={editor} node={node} />;
    case "task":
      return <TaskFields editor={editor} node={node} />;
    case "approval":
      return <ApprovalFields editor={editor} node={node} />;
    case "wait":
      return <WaitFields editor={editor} node={node} />;
    case "for_each":
      return <LoopFields editor={editor} node={node} />;
    case "subprocess":
      return <CallFields editor={editor} node={node} />;
    case "end":
      return <EndFields editor={editor} node={node} />;
    case "join":
      return <JoinFields editor={editor} node={node} />;
    default:
      return null;
  }
}

type Props = { editor: EditorState; node: ProcessNode };

function StartFields({ editor, node }: Props) {
  const t = useTranslations("editor");
  const { at, set, text, choice, event, condition } = useConfig(editor, node);
  return (
    <>
      {choice(
        "trigger",
        t("trigger"),
        (["manual", "form", "record_created", "event", "schedule", "import"] as const).map((k) => [
          k,
          t(`triggers.${k}`),
        ]),
        "manual",
      )}
      {node.config.trigger === "event" && event()}
      {node.config.trigger === "schedule" &&
        at(
          "at",
          <Strict
            label={t("atTime")}
            value={text("at")}
            accept={(v) => v === "" || /^([01]\d|2[0-3]):[0-5]\d$/.test(v)}
            wrong={t("wrong.time")}
            onChange={(v) => set({ at: v }, "at")}
          />,
        )}
      {condition("when", t("startWhen"))}
    </>
  );
}

function TaskFields({ editor, node }: Props) {
  const t = useTranslations("editor");
  const { choice, fields } = useConfig(editor, node);
  const form = node.form ? editor.doc.forms[node.form] : undefined;
  const known = (form?.fields ?? []).map(
    (f) => [f.field, fields.find((n) => n.name === f.field)?.label ?? f.field] as const,
  );
  return choice("outcomeField", t("outcomeField"), [["", t("firstPicklist")], ...known]);
}
