"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Step } from "./step.tsx";
import type { Handed, LogPreview, RecordTypes } from "./types.ts";

const roles = ["case", "activity", "time", "start", "resource", "lifecycle"] as const;
const needed: ReadonlySet<string> = new Set(["case", "activity", "time"]);

/** An event log: which column says what, what is in it, and the process whose history it becomes. */
export function LogFlow({
  handed: { upload, inspected },
  types,
  onStarted,
}: {
  handed: Handed;
  types: RecordTypes;
  onStarted: (id: string) => void;
}) {
  const t = useTranslations("imports");
  const format = useFormat();
  const client = useTRPCClient();
  const [columns, setColumns] = useState(inspected.logColumns);
  const [preview, setPreview] = useState<LogPreview | null>(null);
  const [recordType, setRecordType] = useState("opportunity");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isXes = inspected.columns.length === 0;
  const complete = isXes || roles.every((role) => !needed.has(role) || columns[role] !== undefined);

  async function attempt(work: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(refusalOf(error).text);
    } finally {
      setBusy(false);
    }
  }
  const choose = (role: (typeof roles)[number], column: string) => {
    const { [role]: _, ...rest } = columns;
    setColumns(column ? { ...rest, [role]: column } : rest);
    setPreview(null);
  };
  return (
    <>
      <Step n={1} title={t("step.columns")}>
        {isXes ? (
          <p className="text-sm text-ink-2">{t("xes")}</p>
        ) : (
          <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
            {roles.map((role) => (
              <Field key={role} label={t(`log.${role}`)} required={needed.has(role)}>
                {(ids) => (
                  <select
                    {...ids}
                    className={inputLook}
                    value={columns[role] ?? ""}
                    onChange={(e) => choose(role, e.target.value)}
                  >
                    <option value="">{t("notThere")}</option>
                    {inspected.columns.map(({ name, samples }) => (
                      <option key={name} value={name}>
                        {samples[0] === undefined ? name : `${name} (${samples[0].slice(0, 30)})`}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            ))}
          </div>
        )}
        <Button
          kind={preview ? "secondary" : "primary"}
          className="justify-self-start"
          disabled={busy || !complete}
          onClick={() =>
            void attempt(async () => setPreview(await client.imports.previewLog.mutate({ upload, columns })))
          }
        >
          {t("check")}
        </Button>
        {problem && (
          <p role="alert" className="rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
            {problem}
          </p>
        )}
      </Step>
      {preview && (
        <Step n={2} title={t("step.look")}>
          <p className="text-sm">
            {t("logHas", {
              events: format.number(preview.events),
              cases: format.number(preview.cases),
              from: format.date(preview.from),
              to: format.date(preview.to),
            })}
          </p>
          {preview.problems.length > 0 && (
            <ul aria-label={t("problems")} className="grid gap-1 rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
              {preview.problems.map(({ text, count }) => (
                <li key={text}>
                  {text} {count > 1 && t("times", { n: format.number(count) })}
                </li>
              ))}
            </ul>
          )}
          {preview.notices.map((text) => (
            <p key={text} className="text-xs text-ink-3">
              {text}
            </p>
          ))}
          <div
            role="region"
            tabIndex={0}
            aria-label={t("activities")}
            className="max-h-72 overflow-auto rounded-lg border border-line"
          >
            <table className="w-full text-sm">
              <caption className="sr-only">{t("activities")}</caption>
              <thead>
                <tr className="border-b border-line text-left text-xs text-ink-3">
                  <th scope="col" className="px-3 py-1.5 font-medium">
                    {t("activity")}
                  </th>
                  <th scope="col" className="px-3 py-1.5 text-right font-medium">
                    {t("events")}
                  </th>
                  <th scope="col" className="px-3 py-1.5 text-right font-medium">
                    {t("cases")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {preview.activities.map(({ name, events, cases }) => (
                  <tr key={name} className="border-b border-line last:border-0">
                    <th scope="row" className="px-3 py-1.5 text-left font-medium">
                      {name}
                    </th>
                    <td className="px-3 py-1.5 text-right tabular-nums">{format.number(events)}</td>
                    <td className="px-3 py-1.5 text-right tabular-nums">{format.number(cases)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Step>
      )}
      {preview && (
        <Step n={3} title={t("step.history")}>
          <p className="text-sm text-ink-2">{t("historyText")}</p>
          <Field label={t("caseIs")} className="w-56">
            {(ids) => (
              <select {...ids} className={inputLook} value={recordType} onChange={(e) => setRecordType(e.target.value)}>
                {types.map(({ key, label }) => (
                  <option key={key} value={key}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Button
            kind="primary"
            size="large"
            className="justify-self-start"
            disabled={busy}
            onClick={() =>
              void attempt(async () =>
                onStarted(
                  (await client.imports.startLog.mutate({ upload, columns, recordType, expected: preview.cases })).id,
                ),
              )
            }
          >
            {t("importLog", { n: preview.cases })}
          </Button>
        </Step>
      )}
    </>
  );
}
