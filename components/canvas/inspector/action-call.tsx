"use client";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { useChoices, useNamedFields } from "../choices.tsx";
import { Choice } from "./choice.tsx";
import { Mapping } from "./mapping.tsx";
import { Item, Part } from "./part.tsx";
import { isShort, Strict, Text } from "./text-field.tsx";

type Change = (value: unknown, typing: string | null) => void;

/** Whom a call or message goes to: a connection of that kind; `nothing`: the one of the address. */
export function ConnectionChoice({
  label,
  kind,
  value,
  nothing,
  onChange,
}: {
  label: string;
  kind: "api" | "chat";
  value: string;
  nothing: string | null;
  onChange: (value: string) => void;
}) {
  const t = useTranslations("editor");
  const fitting = useChoices().connections.filter((one) => one.kind === kind);
  const options = fitting.map((one): [string, string] => [one.key, one.name]);
  return (
    <Choice
      label={label}
      value={value}
      options={nothing === null ? options : [["", nothing], ...options]}
      {...(fitting.length === 0 && { help: t("call.noConnection") })}
      onChange={onChange}
    />
  );
}

/** Names of headers and the text of each. */
export function Headers({ label, value, onChange }: { label: string; value: unknown; onChange: Change }) {
  const t = useTranslations("editor");
  const map = (value ?? {}) as Record<string, string>;
  return (
    <fieldset className="grid gap-1.5" aria-label={label}>
      <span aria-hidden className="text-xs font-medium text-ink-2">
        {label}
      </span>
      {Object.entries(map).map(([name, text]) => (
        <Item
          key={name}
          title={<span className="font-mono">{name}</span>}
          remove={t("flow.removeName", { name })}
          onRemove={() => {
            const { [name]: _gone, ...rest } = map;
            onChange(Object.keys(rest).length ? rest : undefined, null);
          }}
        >
          <Text
            label={t("valueOf", { field: name })}
            mono
            max={1000}
            value={text}
            onChange={(v) => onChange({ ...map, [name]: v }, `header:${name}`)}
          />
        </Item>
      ))}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          const form = e.currentTarget;
          const name = String(new FormData(form).get("name") ?? "").trim();
          if (!/^[A-Za-z0-9-]{1,64}$/.test(name) || map[name] !== undefined) return;
          onChange({ ...map, [name]: "" }, null);
          form.reset();
        }}
      >
        <input
          name="name"
          className={`${inputLook} font-mono text-xs`}
          aria-label={t("call.addHeader")}
          placeholder={t("call.addHeader")}
        />
      </form>
    </fieldset>
  );
}

/** What of an answer is kept, and where. */
export function AnswerMap({
  doc,
  label,
  value,
  onChange,
}: {
  doc: Process;
  label: string;
  value: unknown;
  onChange: Change;
}) {
  const t = useTranslations("editor");
  const names = useNamedFields(doc, t("answers"))
    .filter(({ derived }) => !derived)
    .map(({ name }) => name);
  return (
    <Mapping
      doc={doc}
      label={label}
      help={t("call.answerHelp")}
      add={t("call.addAnswer")}
      names={names}
      begin="answer.body"
      beside="answer"
      value={value}
      onChange={(map, typing) => onChange(map, typing && `answer:${typing}`)}
    />
  );
}

/** HTTP statuses, with commas. */
export function Statuses({
  label,
  help,
  value,
  onChange,
}: {
  label: string;
  help?: string;
  value: unknown;
  onChange: Change;
}) {
  const t = useTranslations("editor");
  const list = Array.isArray(value) ? value.map(String) : [];
  const read = (text: string) => text.split(/[\s,]+/).filter(Boolean);
  return (
    <Strict
      label={label}
      {...(help !== undefined && { help })}
      value={list.join(", ")}
      accept={(text) => read(text).every((one) => /^[1-5]\d\d$/.test(one))}
      wrong={t("call.wrongStatus")}
      onChange={(text) => {
        const statuses = read(text).map(Number);
        onChange(statuses.length ? statuses : undefined, "statuses");
      }}
    />
  );
}

type Policy = { tries?: number; first?: string; final?: number[] };

/** How often a call is tried; what is left empty goes by the usual ladder. */
export function Retry({ label, value, onChange }: { label: string; value: unknown; onChange: Change }) {
  const t = useTranslations("editor");
  const policy = (value ?? {}) as Policy;
  const put = (change: Partial<Record<keyof Policy, unknown>>, typing: string) => {
    const next = Object.fromEntries(Object.entries({ ...policy, ...change }).filter(([, held]) => held !== undefined));
    onChange(Object.keys(next).length ? next : undefined, `retry:${typing}`);
  };
  return (
    <Part title={label} count={Object.keys(policy).length} open={false}>
      <p className="text-xs text-ink-3">{t("call.retryHelp")}</p>
      <Strict
        label={t("call.tries")}
        value={policy.tries === undefined ? "" : String(policy.tries)}
        accept={(text) => text === "" || (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 20)}
        wrong={t("call.wrongTries")}
        onChange={(text) => put({ tries: text === "" ? undefined : Number(text) }, "tries")}
      />
      <Strict
        label={t("call.first")}
        value={policy.first ?? ""}
        accept={(text) => text === "" || isShort(text)}
        wrong={t("wrong.duration")}
        onChange={(text) => put({ first: text || undefined }, "first")}
      />
      <Statuses
        label={t("call.final")}
        help={t("call.finalHelp")}
        value={policy.final}
        onChange={(final) => put({ final }, "final")}
      />
    </Part>
  );
}
