"use client";
import { useTranslations } from "use-intl";
import type { Process, ProcessNode } from "@/server/engine/process.ts";
import { useChoices, useNamedFields } from "../choices.tsx";
import { setNode } from "../document.ts";
import { rewired } from "../exits.ts";
import type { EditorState } from "../use-editor.ts";
import { At } from "./at.tsx";
import { filled } from "./as-key.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { FeelField } from "./feel-field.tsx";
import { Mapping } from "./mapping.tsx";
import { isShort, Strict, Text } from "./text-field.tsx";

type Options = readonly (readonly [value: string, said: string])[];

/** The settings of one step's kind: how each is read, asked for and written. Connections follow exits that change. */
export function useConfig(editor: EditorState, node: ProcessNode) {
  const t = useTranslations("editor");
  const choices = useChoices();
  const { doc, run } = editor;
  const fields = useNamedFields(doc, t("answers"));
  const { config } = node;
  const change = (edit: (doc: Process) => Process, typing: string | null = null) => run(t("did.edit"), edit, typing);
  const set = (to: Record<string, unknown>, typing: string | null = null) =>
    change(
      (d) => rewired(d, setNode(d, node.id, { config: filled({ ...config, ...to }) }), node.id),
      typing && `${typing}:${node.id}`,
    );
  const text = (key: string) => (typeof config[key] === "string" ? config[key] : "");
  const at = (key: string, child: React.ReactNode) => <At field={`config.${key}`}>{child}</At>;
  return {
    set,
    change,
    text,
    at,
    fields,
    choices,
    choice: (key: string, label: string, options: Options, fallback = "", help?: string) =>
      at(
        key,
        <Choice
          label={label}
          value={text(key) || fallback}
          options={options}
          {...(help && { help })}
          onChange={(v) => set({ [key]: v })}
        />,
      ),
    check: (key: string, label: string) =>
      at(key, <Check label={label} checked={config[key] === true} onChange={(on) => set({ [key]: on })} />),
    words: (key: string, label: string, more: { help?: string; suggestions?: readonly string[]; max?: number } = {}) =>
      at(key, <Text label={label} mono value={text(key)} onChange={(v) => set({ [key]: v }, key)} {...more} />),
    event: (key = "event", label = t("event"), help?: string) =>
      at(
        key,
        <Text
          label={label}
          mono
          max={80}
          value={text(key)}
          suggestions={choices.events}
          {...(help && { help })}
          onChange={(v) => set({ [key]: v }, key)}
        />,
      ),
    duration: (key: string, label: string) =>
      at(
        key,
        <Strict
          label={label}
          help={t("targetHelp")}
          value={text(key)}
          accept={(v) => v === "" || isShort(v)}
          wrong={t("wrong.duration")}
          onChange={(v) => set({ [key]: v }, key)}
        />,
      ),
    condition: (key: string, label: string) =>
      at(key, <ConditionField doc={doc} label={label} value={text(key)} onChange={(v) => set({ [key]: v }, key)} />),
    feel: (key: string, label: string, help?: string) =>
      at(
        key,
        <FeelField
          doc={doc}
          label={label}
          {...(help && { help })}
          value={text(key)}
          onChange={(v) => set({ [key]: v }, key)}
        />,
      ),
    /** `output`: what is kept in fields and answers, `input`: what another process is given. */
    mapping: (
      key: string,
      says: { label: string; help: string; add: string; begin: string; names?: readonly string[] },
    ) =>
      at(
        key,
        <Mapping
          doc={doc}
          {...says}
          names={says.names ?? fields.filter((f) => !f.derived && f.name.split(".").length === 2).map((f) => f.name)}
          value={config[key]}
          onChange={(v, typing) => set({ [key]: v }, typing && `${key}.${typing}`)}
        />,
      ),
    calendar: () =>
      at(
        "calendar",
        <Choice
          label={t("calendar")}
          value={text("calendar")}
          options={[
            ["", t("noCalendar")],
            ...Object.entries(doc.calendars).map(([key, c]) => [key, c.name ?? key] as const),
          ]}
          onChange={(v) => set({ calendar: v })}
        />,
      ),
  };
}
