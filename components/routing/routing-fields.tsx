"use client";
/** How a queue picks, beside its strategy: the same fields for what a process draws and for what the workspace says instead. */
import { ArrowUp, Plus, X } from "lucide-react";
import { useId } from "react";
import { useTranslations } from "use-intl";
import type { Territory } from "@/server/engine/process.ts";
import type { QueueSettings } from "@/server/engine/work/queue-settings.ts";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";

type Routing = Pick<QueueSettings, "managerOf" | "territories" | "who" | "sticky" | "hours">;
export const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** `drawn`: it is the process that says it, so nothing is left to say elsewhere. `fields`: names that a condition may read. `change` is given what differs; undefined = left out. */
export function RoutingFields({
  strategy,
  value,
  fields = [],
  drawn = false,
  onChange,
}: {
  strategy: string | undefined;
  value: Routing;
  drawn?: boolean;
  fields?: readonly string[];
  onChange: (change: { [K in keyof Routing]?: Routing[K] | undefined }, typing: string | null) => void;
}) {
  const t = useTranslations("routing");
  const naming = strategy === "manager" || strategy === "territory" || strategy === "expression";
  const [usualSticky, usualHours] = drawn ? [naming ? "off" : "run", "ignore"] : ["asProcess", "asProcess"];
  return (
    <>
      {strategy === "manager" && <ManagerOf value={value.managerOf} fields={fields} onChange={onChange} />}
      {strategy === "expression" && (
        <Field label={t("who")} help={t("whoHelp")}>
          {(ids) => (
            <textarea
              {...ids}
              rows={2}
              maxLength={4096}
              spellCheck={false}
              value={value.who ?? ""}
              onChange={(e) => onChange({ who: e.target.value || undefined }, "who")}
              className={`${inputLook} h-auto py-1.5 font-mono`}
            />
          )}
        </Field>
      )}
      {strategy === "territory" && (
        <Territories
          rules={value.territories ?? []}
          fields={fields}
          onChange={(territories, typing) =>
            onChange({ territories: territories.length ? territories : undefined }, typing)
          }
        />
      )}
      <div className="grid grid-cols-[repeat(auto-fit,minmax(12rem,1fr))] gap-3">
        <Field label={t("sticky")}>
          {(ids) => (
            <select
              {...ids}
              className={inputLook}
              value={value.sticky ?? usualSticky}
              onChange={(e) => onChange({ sticky: sticky.find((one) => one === e.target.value) }, null)}
            >
              {[...(drawn ? [] : ["asProcess" as const]), ...sticky].map((one) => (
                <option key={one} value={one}>
                  {t(`stickies.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("hours")}>
          {(ids) => (
            <select
              {...ids}
              className={inputLook}
              value={value.hours ?? usualHours}
              onChange={(e) => onChange({ hours: hours.find((one) => one === e.target.value) }, null)}
            >
              {[...(drawn ? [] : ["asProcess" as const]), ...hours].map((one) => (
                <option key={one} value={one}>
                  {t(`hourses.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </>
  );
}
const sticky = ["run", "record", "account", "off"] as const;
const hours = ["ignore", "prefer", "only"] as const;

function ManagerOf({
  value = "owner",
  fields,
  onChange,
}: {
  value: string | undefined;
  fields: readonly string[];
  onChange: (change: { managerOf: string | undefined }, typing: string | null) => void;
}) {
  const t = useTranslations("routing");
  const list = useId();
  const known = value === "owner" || value === "worker";
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(12rem,1fr))] gap-3">
      <Field label={t("managerOf")}>
        {(ids) => (
          <select
            {...ids}
            className={inputLook}
            value={known ? value : ""}
            onChange={(e) => onChange({ managerOf: e.target.value || undefined }, null)}
          >
            <option value="owner">{t("managerOfs.owner")}</option>
            <option value="worker">{t("managerOfs.worker")}</option>
            {!known && <option value="">{value}</option>}
          </select>
        )}
      </Field>
      <Field label={t("managerField")}>
        {(ids) => (
          <input
            {...ids}
            list={list}
            maxLength={130}
            placeholder="account.csm_id"
            value={known ? "" : value}
            onChange={(e) => onChange({ managerOf: e.target.value || undefined }, "managerOf")}
            className={`${inputLook} font-mono`}
          />
        )}
      </Field>
      <datalist id={list}>
        {fields
          .filter((field) => field.endsWith("_id"))
          .map((field) => (
            <option key={field} value={field}>
              {field}
            </option>
          ))}
      </datalist>
    </div>
  );
}

function Territories({
  rules,
  fields,
  onChange,
}: {
  rules: readonly Territory[];
  fields: readonly string[];
  onChange: (rules: Territory[], typing: string | null) => void;
}) {
  const t = useTranslations("routing");
  const list = useId();
  const set = (i: number, change: { [K in keyof Territory]?: Territory[K] | undefined }, typing: string) =>
    onChange(
      rules.map((rule, n) => (n === i ? withoutEmpty({ ...rule, ...change, to: change.to ?? rule.to }) : rule)),
      `${typing}${i}`,
    );
  const input = (i: number, name: "name" | "field" | "when" | "to", label: string, more: { list?: string } = {}) => (
    <Field label={label}>
      {(ids) => (
        <input
          {...ids}
          {...more}
          maxLength={name === "when" ? 4096 : 200}
          value={rules[i]?.[name] ?? ""}
          onChange={(e) =>
            set(i, { [name]: name === "to" ? e.target.value : e.target.value || undefined }, `rule:${name}`)
          }
          className={`${inputLook} ${name === "name" ? "" : "font-mono"}`}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="grid gap-2">
      <legend className="text-xs font-medium text-ink-2">{t("territories")}</legend>
      <ol className="grid gap-2">
        {rules.map((rule, i) => (
          // Rules have no name of their own that stays; their place is what they are.
          <li key={i} className="grid gap-2 rounded-md border border-line p-2">
            <div className="flex items-center gap-1 text-xs font-medium">
              {t("territory", { n: i + 1 })}
              <span className="ml-auto flex">
                <button
                  type="button"
                  disabled={i === 0}
                  aria-label={t("upRule", { n: i + 1 })}
                  className="grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken disabled:opacity-40"
                  onClick={() => onChange(rules.toSpliced(i, 1).toSpliced(i - 1, 0, rule), null)}
                >
                  <ArrowUp aria-hidden className="size-4" />
                </button>
                <button
                  type="button"
                  aria-label={t("removeRule", { n: i + 1 })}
                  className="grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken"
                  onClick={() => onChange(rules.toSpliced(i, 1), null)}
                >
                  <X aria-hidden className="size-4" />
                </button>
              </span>
            </div>
            <div className="grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-2">
              {input(i, "name", t("territoryName"))}
              {input(i, "to", t("to"))}
              {input(i, "field", t("field"), { list })}
              <Field label={t("values")}>
                {(ids) => (
                  <input
                    {...ids}
                    key={(rule.values ?? []).join()}
                    defaultValue={(rule.values ?? []).join(", ")}
                    onBlur={(e) => {
                      const values = listOf(e.target.value);
                      if (values.join() !== (rule.values ?? []).join())
                        set(i, { values: values.length ? values : undefined }, "rule:values");
                    }}
                    className={inputLook}
                  />
                )}
              </Field>
            </div>
            {input(i, "when", t("when"))}
          </li>
        ))}
      </ol>
      <datalist id={list}>
        {fields.map((field) => (
          <option key={field} value={field}>
            {field}
          </option>
        ))}
      </datalist>
      <p className="text-xs text-ink-3">{t("toHelp")}</p>
      <div>
        <Button size="small" onClick={() => onChange([...rules, { to: "" }], null)}>
          <Plus aria-hidden className="size-3.5" />
          {t("addRule")}
        </Button>
      </div>
    </fieldset>
  );
}

const withoutEmpty = (rule: { [K in keyof Territory]?: Territory[K] | undefined } & { to: string }): Territory =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as Territory;
