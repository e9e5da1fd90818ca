"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { shortTarget } from "../canvas/map-model.ts";
import { cn } from "../ui/cn.ts";
import { Status } from "../ui/status.tsx";
import { type Checked, type Choice, type Proposed, toggled, withStep } from "./plan.ts";

type Problem = Checked["problems"][number];
type Source = Proposed["source"][number];

export const selectLook = "h-8 w-full min-w-40 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink";
export const headLook =
  "border-b border-line text-left text-xs text-ink-3 max-md:sr-only [&>th]:px-3 [&>th]:py-1 [&>th]:font-medium";
/** On a phone what stands beside the name stands below it; the column's name goes with it. */
export const rowLook =
  "border-b border-line align-top last:border-0 max-md:grid max-md:py-1 [&>td]:px-3 [&>td]:py-2 max-md:[&>td]:py-1 max-md:[&>td:empty]:hidden";

/** The name of a column, where there is no room for columns. */
export const ColumnName = ({ children }: { children: string }) => (
  <span className="mr-1 text-xs text-ink-3 md:hidden">{children}</span>
);

/** Each step of the source beside what it becomes. Those that want a look come first; the others are folded away. */
export function StepTable({
  proposed,
  choice,
  checked,
  onChange,
}: {
  proposed: Proposed;
  choice: Choice;
  checked: Checked;
  onChange: (choice: Choice) => void;
}) {
  const t = useTranslations("migrate");
  const { problems } = checked;
  const [all, setAll] = useState(false);
  const wants = ({ id, runs, unsure, to }: Source) =>
    runs > 0 || unsure || to === null || problems.some(({ node }) => node === id);
  const rows = proposed.source.filter((step) => all || wants(step));
  const general = problems.filter(({ node }) => node === undefined);
  return (
    <section className="grid gap-2 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-2 px-3 pt-3">
        <h2 className="text-sm font-semibold">{t("map")}</h2>
        <label className="ml-auto flex items-center gap-2 text-xs text-ink-2">
          <input
            type="checkbox"
            className="size-4 accent-[var(--accent)]"
            checked={all}
            onChange={() => setAll(!all)}
          />
          {t("allSteps", { n: proposed.source.length })}
        </label>
      </div>
      {general.map(({ text }) => (
        <p key={text} role="alert" className="mx-3 rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
          {text}
        </p>
      ))}
      <div className="overflow-x-auto" role="group" aria-label={t("map")} tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className={headLook}>
              <th scope="col">{t("step")}</th>
              <th scope="col" className="text-right">
                {t("runsHere")}
              </th>
              <th scope="col">{t("becomes")}</th>
              <th scope="col">{t("anew")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((step) => (
              <Step
                key={step.id}
                step={step}
                proposed={proposed}
                choice={choice}
                problems={problems.filter(({ node }) => node === step.id)}
                onChange={onChange}
                onBecome={(to) => onChange(withStep(choice, step.id, to, checked))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p className="px-3 pb-3 text-sm text-ink-2">{t("allSure")}</p>}
    </section>
  );
}

function Step({
  step,
  proposed,
  choice,
  problems,
  onChange,
  onBecome,
}: {
  step: Source;
  proposed: Proposed;
  choice: Choice;
  problems: readonly Problem[];
  onChange: (choice: Choice) => void;
  onBecome: (to: string | null) => void;
}) {
  const t = useTranslations("migrate");
  const kinds = useTranslations("processes");
  const to = choice.nodes[step.id] ?? null;
  const human = step.kind === "task" || step.kind === "approval";
  const may = proposed.target.filter(({ id }) => step.may.includes(id));
  const missing = to === null && step.runs > 0;
  return (
    <tr className={rowLook}>
      <th scope="row" className="px-3 py-2 text-left font-medium">
        {step.name}
        <span className="block text-xs font-normal text-ink-3">
          {[kinds(`kinds.${step.kind}`), step.inside && t("inside", { name: step.inside })].filter(Boolean).join(" · ")}
        </span>
      </th>
      <td className="tabular-nums md:text-right">
        {step.runs > 0 && (
          <>
            <ColumnName>{t("runsHere")}</ColumnName>
            {step.runs}
          </>
        )}
      </td>
      <td>
        <ColumnName>{t("becomes")}</ColumnName>
        <select
          aria-label={t("becomesOf", { name: step.name })}
          className={cn(selectLook, (missing || problems.length > 0) && "border-breach-solid")}
          value={to ?? ""}
          onChange={(e) => onBecome(e.target.value || null)}
        >
          <option value="">{t("nothing")}</option>
          {may.map(({ id, name, inside }) => (
            <option key={id} value={id}>
              {inside ? `${name} (${t("inside", { name: inside })})` : name}
            </option>
          ))}
        </select>
        <div className="mt-1 flex flex-wrap gap-1">
          {step.unsure && to === step.to && <Status kind="at_risk">{t("unsure")}</Status>}
          {missing && <Status kind="breached">{t("missing", { n: step.runs })}</Status>}
        </div>
        {problems.map(({ text }) => (
          <p key={text} className="mt-1 text-xs text-breach">
            {text}
          </p>
        ))}
      </td>
      <td>
        {human && step.runs > 0 && to !== null && (
          <div className="grid gap-1 text-xs text-ink-2">
            {(["reassign", "renewForm"] as const).map((option) => (
              <label key={option} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 accent-[var(--accent)]"
                  checked={choice[option].includes(step.id)}
                  onChange={() => onChange({ ...choice, [option]: toggled(choice[option], step.id) })}
                />
                {t(option)}
              </label>
            ))}
          </div>
        )}
      </td>
    </tr>
  );
}

/** Each SLA of the source: what its open clocks go on under, and whether they take the new target. */
export function SlaTable({
  proposed,
  choice,
  onChange,
}: {
  proposed: Proposed;
  choice: Choice;
  onChange: (choice: Choice) => void;
}) {
  const units = useTranslations("editor");
  const t = useTranslations("migrate");
  return (
    <section className="grid gap-2 rounded-lg border border-line bg-surface">
      <h2 className="px-3 pt-3 text-sm font-semibold">{t("clocks")}</h2>
      <div className="overflow-x-auto" role="group" aria-label={t("clocks")} tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className={headLook}>
              <th scope="col">{t("sla")}</th>
              <th scope="col">{t("goesOnAs")}</th>
              <th scope="col">{t("openClocks")}</th>
            </tr>
          </thead>
          <tbody>
            {proposed.slas.map(({ key, name, target }) => {
              const to = choice.slas[key] ?? null;
              const there = proposed.targetSlas.find((one) => one.key === to);
              return (
                <tr key={key} className={rowLook}>
                  <th scope="row" className="px-3 py-2 text-left font-medium">
                    {name} <span className="font-normal text-ink-3">{shortTarget(target, units)}</span>
                  </th>
                  <td>
                    <ColumnName>{t("goesOnAs")}</ColumnName>
                    <select
                      aria-label={t("goesOnAsOf", { name })}
                      className={selectLook}
                      value={to ?? ""}
                      onChange={(e) => onChange({ ...choice, slas: { ...choice.slas, [key]: e.target.value || null } })}
                    >
                      <option value="">{t("closed")}</option>
                      {proposed.targetSlas.map((one) => (
                        <option
                          key={one.key}
                          value={one.key}
                        >{`${one.name} (${shortTarget(one.target, units)})`}</option>
                      ))}
                    </select>
                  </td>
                  <td>
                    {there && (
                      <>
                        <ColumnName>{t("openClocks")}</ColumnName>
                        <select
                          aria-label={t("openClocksOf", { name })}
                          className={selectLook}
                          value={choice.rebase.includes(key) ? "rebase" : "keep"}
                          onChange={() => onChange({ ...choice, rebase: toggled(choice.rebase, key) })}
                        >
                          <option value="keep">{t("keepTime")}</option>
                          <option value="rebase">{t("newTarget", { target: shortTarget(there.target, units) })}</option>
                        </select>
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
