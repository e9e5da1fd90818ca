"use client";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import { Field, inputLook } from "../ui/field.tsx";
import { setNode } from "./document.ts";
import { Text } from "./text-field.tsx";
import type { EditorState } from "./use-editor.ts";

/** What only this kind of step has. */
export function KindFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const set = (change: Record<string, unknown>, typing: string | null = null) =>
    run(
      t("did.edit"),
      (d) =>
        setNode(d, node.id, {
          config: Object.fromEntries(
            Object.entries({ ...node.config, ...change }).filter(([, v]) => v !== undefined && v !== ""),
          ),
        }),
      typing,
    );
  const text = (key: string, label: string, mono = false) => (
    <Text
      label={label}
      mono={mono}
      value={typeof node.config[key] === "string" ? node.config[key] : ""}
      onChange={(v) => set({ [key]: v }, `${key}:${node.id}`)}
    />
  );
  const choice = (key: string, label: string, options: [string, string][]) => (
    <Field label={label}>
      {(ids) => (
        <select
          {...ids}
          className={inputLook}
          value={String(node.config[key] ?? "")}
          onChange={(e) => set({ [key]: e.target.value })}
        >
          {options.map(([value, said]) => (
            <option key={value} value={value}>
              {said}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const calendars: [string, string][] = [
    ["", t("noCalendar")],
    ...Object.entries(doc.calendars).map(([key, c]): [string, string] => [key, c.name ?? key]),
  ];
  switch (node.kind) {
    case "start":
      return (
        <>
          {choice(
            "trigger",
            t("trigger"),
            (["manual", "form", "record_created", "event", "import"] as const).map((k) => [k, t(`triggers.${k}`)]),
          )}
          {node.config.trigger === "event" && text("event", t("event"))}
          {text("when", t("startWhen"), true)}
        </>
      );
    case "approval":
      return (
        <>
          {choice("exits", t("exits"), [
            ["decision", t("exitsDecision")],
            ["done", t("exitsDone")],
          ])}
          {choice("selfApproval", t("selfApproval"), [
            ["forbid", t("forbid")],
            ["allow", t("allow")],
          ])}
        </>
      );
    case "wait":
      return (
        <>
          {choice(
            "for",
            t("waitFor"),
            (["duration", "date", "event", "condition"] as const).map((k) => [k, t(`waits.${k}`)]),
          )}
          {node.config.for === "duration" && text("duration", t("duration"))}
          {node.config.for === "event" && text("event", t("event"))}
          {node.config.for === "condition" && text("condition", t("condition"), true)}
          {node.config.for === "date"
            ? text("until", t("until"), true)
            : node.config.for !== "duration" && text("timeout", t("timeout"))}
          {choice("calendar", t("calendar"), calendars)}
        </>
      );
    case "subprocess":
      return (
        <>
          {text("process", t("calls"))}
          {choice("record", t("callsFor"), [
            ["same", t("sameRecord")],
            ["related", t("relatedRecord")],
          ])}
        </>
      );
    case "end":
      return choice(
        "outcome",
        t("outcome"),
        (["success", "neutral", "negative"] as const).map((k) => [k, t(`outcomes.${k}`)]),
      );
    default:
      return null;
  }
}
