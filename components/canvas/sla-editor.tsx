"use client";
import { useTranslations } from "use-intl";
import { compileCalendar } from "@/server/engine/calendar.ts";
import { dueAt, parseTarget } from "@/server/engine/calendar-target.ts";
import type { Process, ProcessNode, Sla } from "@/server/engine/process.ts";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { freeId, setNode } from "./document.ts";
import { Check } from "./check.tsx";
import { Text } from "./text-field.tsx";
import type { EditorState } from "./use-editor.ts";

const office = {
  name: "Office hours",
  zone: "",
  week: { mon: nine(), tue: nine(), wed: nine(), thu: nine(), fri: nine(), sat: [], sun: [] },
  holidays: "by_country",
};
function nine() {
  return [{ from: "09:00", to: "17:00" }];
}

/** The promise of a step: target, calendar, warnings, pause, and a bench that says when a record of next Friday is due. */
export function SlaEditor({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const put = (key: string, change: Partial<Sla>, typing: string | null = null) =>
    run(
      t("did.edit"),
      (d) => ({
        ...d,
        slas: {
          ...d.slas,
          [key]: Object.fromEntries(
            Object.entries({ ...d.slas[key], ...change }).filter(([, v]) => v !== undefined && v !== ""),
          ) as Sla,
        },
      }),
      typing,
    );
  const add = () =>
    run(t("did.edit"), (d: Process) => {
      const key = freeId(Object.keys(d.slas), "sla");
      const calendars = Object.keys(d.calendars).length ? d.calendars : { office };
      const sla: Sla = {
        name: node.name || key,
        target: "8h",
        calendar: Object.keys(calendars)[0],
        starts: "step.entered",
        stops: "step.completed",
        warnAt: [80],
        onWarn: [{ verb: "notify", to: "assignee" }],
        onBreach: [{ verb: "notify", to: "process_owner" }],
      };
      return setNode({ ...d, calendars, slas: { ...d.slas, [key]: sla } }, node.id, {
        slas: [...(node.slas ?? []), key],
      });
    });
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-xs font-semibold text-ink-3">{t("sla")}</legend>
      {(node.slas ?? []).map((key) => {
        const sla = doc.slas[key];
        if (!sla) return null;
        return (
          <div key={key} className="grid gap-2 rounded-md bg-sunken p-2">
            <Text
              label={t("slaName")}
              value={sla.name}
              onChange={(v) => put(key, { name: v || key }, `slaname:${key}`)}
            />
            <Text
              label={t("target")}
              help={t("targetHelp")}
              value={sla.target}
              onChange={(v) => put(key, { target: v || "1h" }, `target:${key}`)}
            />
            <Field label={t("calendar")}>
              {(ids) => (
                <select
                  {...ids}
                  className={inputLook}
                  value={sla.calendar ?? ""}
                  onChange={(e) => put(key, { calendar: e.target.value || undefined })}
                >
                  <option value="">{t("noCalendar")}</option>
                  {Object.entries(doc.calendars).map(([id, c]) => (
                    <option key={id} value={id}>
                      {c.name ?? id}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Text
              label={t("warnAt")}
              value={sla.warnAt.join(", ")}
              onChange={(v) =>
                put(
                  key,
                  {
                    warnAt: v
                      .split(",")
                      .map(Number)
                      .filter((n) => Number.isInteger(n) && n > 0 && n < 100),
                  },
                  `warn:${key}`,
                )
              }
            />
            <Text
              label={t("pauseWhen")}
              mono
              value={sla.pauseWhen ?? ""}
              onChange={(v) => put(key, { pauseWhen: v }, `pause:${key}`)}
            />
            <Text
              label={t("appliesWhen")}
              mono
              value={sla.appliesWhen ?? ""}
              onChange={(v) => put(key, { appliesWhen: v }, `applies:${key}`)}
            />
            <Check
              label={t("escalate")}
              checked={sla.escalate === true}
              onChange={(on) => put(key, { escalate: on || undefined })}
            />
            <TestBench doc={doc} sla={sla} />
            <button
              type="button"
              className="h-7 rounded-md border border-line-strong text-xs font-semibold hover:bg-surface"
              onClick={() =>
                run(t("did.edit"), (d) => setNode(d, node.id, { slas: (node.slas ?? []).filter((k) => k !== key) }))
              }
            >
              {t("removeSla")}
            </button>
          </div>
        );
      })}
      <button
        type="button"
        className="h-7 rounded-md border border-line-strong text-xs font-semibold hover:bg-sunken"
        onClick={add}
      >
        {t("addSla")}
      </button>
    </fieldset>
  );
}

/** Next Friday 16:30 in the reader's zone, by the engine's own arithmetic. */
function TestBench({ doc, sla }: { doc: Process; sla: Sla }) {
  const t = useTranslations("editor");
  const format = useFormat();
  const definition = sla.calendar ? doc.calendars[sla.calendar] : undefined;
  const target = parseTarget(sla.target, definition !== undefined);
  if (!("kind" in target)) return <p className="text-xs text-breach">{target.text}</p>;
  const zone = definition && !["", "record", "owner", "team"].includes(definition.zone) ? definition.zone : format.zone;
  const compiled = definition ? compileCalendar({ week: definition.week }, zone) : null;
  const friday = fridayAfternoon(format.now);
  const due = compiled?.ok
    ? dueAt(compiled.calendar, target, friday)
    : target.kind === "open_time"
      ? friday + target.ms
      : null;
  return due === null ? null : (
    <p className="text-xs text-ink-2">{t("bench", { entered: format.dateTime(friday), due: format.dateTime(due) })}</p>
  );
}

/** 16:30 of the next Friday, counted from the given instant in whole days. */
function fridayAfternoon(now: number): number {
  const day = new Date(now);
  const days = (5 - day.getDay() + 7) % 7 || 7;
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, 16, 30).getTime();
}
