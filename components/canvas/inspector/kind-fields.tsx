"use client";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import { useChoices, useNamedFields } from "../choices.tsx";
import { setNode } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { filled } from "./as-key.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { isShort, Strict, Text } from "./text-field.tsx";

/** What only this kind of step has. */
export function KindFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const choices = useChoices();
  const fields = useNamedFields(editor.doc, t("answers"));
  const { doc, run } = editor;
  const { config } = node;
  const set = (change: Record<string, unknown>, typing: string | null = null) =>
    run(t("did.edit"), (d) => setNode(d, node.id, { config: filled({ ...config, ...change }) }), typing);
  const text = (key: string) => (typeof config[key] === "string" ? config[key] : "");
  const choice = (key: string, label: string, options: (readonly [string, string])[], fallback = "") => (
    <Choice label={label} value={text(key) || fallback} options={options} onChange={(v) => set({ [key]: v })} />
  );
  const event = (
    <Text
      label={t("event")}
      mono
      max={80}
      value={text("event")}
      suggestions={choices.events}
      onChange={(v) => set({ event: v }, `event:${node.id}`)}
    />
  );
  const duration = (key: string, label: string) => (
    <Strict
      label={label}
      help={t("targetHelp")}
      value={text(key)}
      accept={(v) => v === "" || isShort(v)}
      wrong={t("wrong.duration")}
      onChange={(v) => set({ [key]: v }, `${key}:${node.id}`)}
    />
  );
  const condition = (key: string, label: string) => (
    <ConditionField
      doc={doc}
      label={label}
      value={text(key)}
      onChange={(v) => set({ [key]: v }, `${key}:${node.id}`)}
    />
  );
  const answered = (key: string, label: string) => {
    const form = node.form ? doc.forms[node.form] : undefined;
    const known = (form?.fields ?? []).map(
      (f) => [f.field, fields.find((n) => n.name === f.field)?.label ?? f.field] as const,
    );
    return choice(key, label, [["", t("firstPicklist")], ...known]);
  };
  switch (node.kind) {
    case "start":
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
          {config.trigger === "event" && event}
          {config.trigger === "schedule" && (
            <Strict
              label={t("atTime")}
              value={text("at")}
              accept={(v) => v === "" || /^([01]\d|2[0-3]):[0-5]\d$/.test(v)}
              wrong={t("wrong.time")}
              onChange={(v) => set({ at: v }, `at:${node.id}`)}
            />
          )}
          {condition("when", t("startWhen"))}
        </>
      );
    case "task":
      return answered("outcomeField", t("outcomeField"));
    case "approval":
      return (
        <>
          {choice(
            "exits",
            t("exits"),
            [
              ["decision", t("exitsDecision")],
              ["done", t("exitsDone")],
            ],
            "done",
          )}
          {choice(
            "selfApproval",
            t("selfApproval"),
            [
              ["forbid", t("forbid")],
              ["allow", t("allow")],
            ],
            "forbid",
          )}
          {choice("decisionField", t("decisionField"), [
            ["", t("firstPicklist")],
            ["none", t("decisionNone")],
            ...((node.form && doc.forms[node.form]?.fields) || []).map((f) => [f.field, f.field] as const),
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
          {config.for === "duration" && duration("duration", t("duration"))}
          {config.for === "event" && event}
          {config.for === "condition" && condition("condition", t("waitCondition"))}
          {config.for !== "duration" && (
            <Text
              label={config.for === "date" ? t("until") : t("deadline")}
              mono
              max={4096}
              value={text("until")}
              suggestions={fields.filter((f) => f.kind === "date" || f.kind === "datetime").map((f) => f.name)}
              onChange={(v) => set({ until: v }, `until:${node.id}`)}
            />
          )}
          {(config.for === "event" || config.for === "condition") && duration("timeout", t("timeout"))}
          {choice("calendar", t("calendar"), [
            ["", t("noCalendar")],
            ...Object.entries(doc.calendars).map(([key, c]) => [key, c.name ?? key] as const),
          ])}
        </>
      );
    case "subprocess":
      return (
        <>
          {choice("process", t("calls"), [
            ["", t("notSet")],
            ...choices.processes.filter((p) => p.key !== doc.key).map((p) => [p.key, p.name] as const),
          ])}
          {choice(
            "record",
            t("callsFor"),
            [
              ["same", t("sameRecord")],
              ["related", t("relatedRecord")],
            ],
            "same",
          )}
        </>
      );
    case "end":
      return (
        <>
          {choice(
            "outcome",
            t("outcome"),
            (["success", "neutral", "negative"] as const).map((k) => [k, t(`outcomes.${k}`)]),
            "neutral",
          )}
          <Check label={t("terminate")} checked={config.terminate === true} onChange={(on) => set({ terminate: on })} />
        </>
      );
    case "join":
      return <p className="text-xs text-ink-3">{t("joinHelp")}</p>;
    default:
      return null;
  }
}
