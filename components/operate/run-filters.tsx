"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { addressOf, ops, readAsked, type RunsAsked } from "./run-address.ts";

export type Choices = Awaited<ReturnType<Caller["operate"]["choices"]>>;

/** What runs are looked for. Everything stands in the address, so a link opens the same list. */
export function RunFilters({ asked, choices }: { asked: RunsAsked; choices: Choices }) {
  const t = useTranslations("operate.filter");
  const incidents = useTranslations("incidents.codes");
  const router = useRouter();
  const [process, setProcess] = useState(asked.process);
  const steps = choices.processes.find(({ key }) => key === process)?.steps ?? [];
  const recordType = choices.processes.find(({ key }) => key === process)?.recordType;
  const types = choices.fields.filter(({ type }) => !recordType || type === recordType);
  const advanced = [asked.version, asked.error, asked.assignee, asked.field, asked.from, asked.to].some(Boolean);
  const select = (
    name: keyof RunsAsked,
    options: readonly { value: string; label: string }[],
    more?: { onChange?: (value: string) => void; none?: string },
  ) => (
    <Field label={t(name)}>
      {(ids) => (
        <select
          {...ids}
          name={name}
          defaultValue={asked[name]}
          onChange={(e) => more?.onChange?.(e.target.value)}
          className={inputLook}
        >
          <option value="">{more?.none ?? t("any")}</option>
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const text = (name: keyof RunsAsked, type = "text") => (
    <Field label={t(name)}>
      {(ids) => (
        <input
          {...ids}
          name={name}
          type={type}
          defaultValue={asked[name]}
          maxLength={200}
          {...(type === "number" && { min: 0, step: "any" })}
          className={inputLook}
        />
      )}
    </Field>
  );
  const worded = (name: "states" | "slas" | "ops" | "sorts", values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`${name}.${value}`) }));
  const people = choices.people.map(({ id, name }) => ({ value: id, label: name }));
  const codes = ["EFFECT_FAILED", "MAIL_FAILED", "ENDLESS_LOOP", "NO_BRANCH", "BROKEN_EXPRESSION", "VALUE_REFUSED"];
  return (
    <form
      key={JSON.stringify(asked)}
      className="grid gap-3"
      onSubmit={(e) => {
        e.preventDefault();
        const form = Object.fromEntries(
          [...new FormData(e.currentTarget)].map(([name, value]) => [name, String(value)]),
        );
        router.push(addressOf({ ...readAsked(form), after: "" }));
      }}
    >
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4 2xl:grid-cols-8">
        {text("q", "search")}
        {select(
          "process",
          choices.processes.map(({ key, name }) => ({ value: key, label: name })),
          { onChange: setProcess },
        )}
        {select(
          "step",
          steps.map(({ id, name }) => ({ value: id, label: name })),
          process ? {} : { none: t("chooseProcess") },
        )}
        {text("days", "number")}
        {select("status", worded("states", ["open", "active", "suspended", "completed", "cancelled"]))}
        {select("sla", worded("slas", ["breached", "at_risk", "paused", "on_track"]))}
        {select("incident", [
          { value: "any", label: t("anyIncident") },
          ...codes.map((value) => ({ value, label: incidents.has(value) ? incidents(value) : value })),
        ])}
        {select("owner", [{ value: "nobody", label: t("nobody") }, ...people])}
      </div>
      <details open={advanced} className="rounded-lg border border-line bg-surface px-3 py-2">
        <summary className="w-fit cursor-pointer py-0.5 text-sm text-ink-2">{t("more")}</summary>
        <div className="grid grid-cols-2 gap-3 py-2 lg:grid-cols-4">
          {select(
            "field",
            types.flatMap(({ type, label, fields }) =>
              fields.map((field) => ({
                value: field.key,
                label: recordType ? field.label : `${label}: ${field.label}`,
                type,
              })),
            ),
          )}
          {select("op", worded("ops", ops))}
          {text("value")}
          {select("assignee", people)}
          {text("error")}
          {text("version", "number")}
          {text("from", "date")}
          {text("to", "date")}
        </div>
      </details>
      <div className="flex flex-wrap items-end gap-2">
        <div className="w-56">
          {select("sort", worded("sorts", ["oldest", "in_step"]), { none: t("sorts.started") })}
        </div>
        <Button type="submit" kind="primary" className="h-9">
          {t("apply")}
        </Button>
        <Button kind="quiet" className="h-9" onClick={() => router.push("/operate")}>
          {t("reset")}
        </Button>
      </div>
    </form>
  );
}
