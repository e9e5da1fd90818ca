import { useState } from "react";
import { useTranslations } from "use-intl";
import { PickProof } from "../routing/pick-proof.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import type { RecordView } from "./record-screen.tsx";
import { ValuesOf } from "./values-of.tsx";

const kinds = ["all", "work", "changes", "clocks"] as const;
type Kind = (typeof kinds)[number];
const belongs: Record<Kind, (type: string) => boolean> = {
  all: () => true,
  work: (type) =>
    /^(Work|Person|Approval|Handoff|Rework|Step|Incident|Run|TokenHeld|Goal|Loop|Scope|Boundary|Error|Compensation|Message)/.test(
      type,
    ),
  changes: (type) => type.startsWith("Record"),
  clocks: (type) => /^(Clock|Timer)/.test(type),
};

/** Where the process of a run is not at hand, its sentences have no names. */
export const nothingSaid = {
  how: "",
  from: "",
  to: "",
  reason: "",
  why: "",
  process: "",
  item: "",
  kind: "",
  text: "",
  stays: "",
  code: "",
  done: "",
  n: 0,
  index: 0,
};

/** Every event of the record and its runs, newest first; by their names, not their keys. */
export function History({ record }: { record: RecordView }) {
  const t = useTranslations("record");
  const format = useFormat();
  const [kind, setKind] = useState<Kind>("all");
  // Steps of two processes may have the same id.
  const names = new Map(record.runs.map((run) => [run.id, run.names]));
  const labels = new Map(record.fields.map((f) => [f.name, f.label]));
  const shown = record.events.filter((event) => belongs[kind](event.type));
  return (
    <section aria-label={t("history")} className="rounded-lg border border-line bg-surface p-4">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="text-sm font-semibold">{t("history")}</h2>
        <div role="group" aria-label={t("historyFilter")} className="ml-auto flex rounded-md bg-sunken p-0.5">
          {kinds.map((key) => (
            <button
              key={key}
              type="button"
              aria-pressed={kind === key}
              onClick={() => setKind(key)}
              className={cn(
                "h-6 rounded-sm px-2 text-xs font-medium text-ink-2",
                kind === key && "bg-surface text-ink shadow-raised",
              )}
            >
              {t(`kind.${key}`)}
            </button>
          ))}
        </div>
      </div>
      <ol className="grid gap-1 text-sm">
        {shown.map((event) => (
          <li
            key={event.seq}
            id={`event-${event.seq}`}
            className="target:bg-sunken grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2 md:grid-cols-[3.5rem_minmax(0,1fr)_auto]"
          >
            <span className="text-xs leading-5 text-ink-3 tabular-nums">{`#${event.seq}`}</span>
            <div className="min-w-0">
              <p className="break-words">
                {event.type === "RunJumped" && (
                  <Status kind="at_risk" className="mr-1.5">
                    {t("deviation")}
                  </Status>
                )}
                {t.has(`event.${event.type}`)
                  ? t(`event.${event.type}`, {
                      ...nothingSaid,
                      what: subjectOf(event.data, names.get(event.run ?? "") ?? {}, labels),
                      ...event.facts,
                    })
                  : event.type}
              </p>
              {event.pick && <PickProof pick={event.pick} />}
              {event.conditions.map((seen) => (
                <ValuesOf key={seen.text} seen={seen} />
              ))}
            </div>
            <span className="text-xs leading-5 text-ink-3 max-md:col-start-2 md:text-right">{`${t.has(`actor.${event.actor}`) ? t(`actor.${event.actor}`) : event.actor} · ${format.dateTime(event.at)}`}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What an event is about, in the words it has: a step, fields, an outcome. */
export function subjectOf(data: unknown, names: Record<string, string>, labels: ReadonlyMap<string, string>): string {
  const facts = data as Record<string, unknown>;
  if (typeof facts.changes === "object" && facts.changes !== null)
    return Object.keys(facts.changes)
      .map((field) => labels.get(field) ?? field.replaceAll("_", " "))
      .join(", ");
  if (typeof facts.node === "string" && names[facts.node]) return names[facts.node]!;
  return (
    [facts.node, facts.outcome, facts.name, facts.event, facts.sla, facts.text]
      .find((v): v is string => typeof v === "string")
      ?.replaceAll("_", " ") ?? ""
  );
}
