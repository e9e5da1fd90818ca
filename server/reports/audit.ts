/** The audit: facts people caused, as rows one can read, filter and take along. */
import type { AuditCursor, Named } from "@/db/queries/audit.ts";
import type { Row } from "@/db/store.ts";
import type { Plain } from "@/server/engine/model.ts";
import { writeCsv } from "@/server/interop/csv/write-csv.ts";
import type { Language } from "@/server/records/field.ts";
import { csvHeadings } from "./csv-headings.ts";

export const auditAreas = ["settings", "processes", "runs", "work", "records", "rights"] as const;
export type AuditArea = (typeof auditAreas)[number];

const types: Record<AuditArea, readonly string[]> = {
  settings: ["SettingChanged"],
  processes: ["ProcessPublished", "ProcessRetired"],
  runs: ["RunStarted", "RunCancelled", "RunSuspended", "RunResumed", "RunJumped", "RunMigrated", "IncidentResolved"],
  work: ["WorkAssigned", "WorkCompleted", "WorkUndone", "ApprovalDecided"],
  records: ["RecordCreated", "RecordChanged", "RecordMerged", "RecordDeleted"],
  rights: [],
};

/** Which facts an area shows, and whether deeds outside the log do (keys, passwords, refused rights). Null = the whole audit. */
export const areaTypes = (area: AuditArea | null): { types: string[]; deeds: boolean } => ({
  types: area ? [...types[area]] : Object.values(types).flat(),
  deeds: area === null || area === "rights",
});

export type AuditEntry = {
  id: string;
  at: number;
  actor: string;
  actorId: string | null;
  byKey: boolean;
  /** The type of the fact, or the action of the authorisation table. */
  what: string;
  /** What it was done to: a setting's name, a run, a record, a process. */
  subject: string;
  /** What the subject is called and where it is shown, if it is on a page. */
  shown: { title: string; href: string } | null;
  ok: boolean;
  from: Plain;
  to: Plain;
  detail: string | null;
};

/** One page, newest first, from one more row of each kind than it holds; `next` is null on the last one. */
export function auditEntries(
  { events, refusals }: { events: Row<"event">[]; refusals: Row<"audit">[] },
  {
    limit,
    cursor,
    name,
    named = new Map(),
  }: { limit: number; cursor: AuditCursor | null; name: (id: string) => string | null; named?: Named },
): { entries: AuditEntry[]; next: AuditCursor | null } {
  const shown: { entry: AuditEntry; seq: number | null; audit: string | null }[] = [];
  // Both come in their own order, newest first; which of the two heads is younger goes next, so no page splits a kind's order.
  for (let [e, r] = [0, 0]; shown.length < limit && (e < events.length || r < refusals.length); ) {
    const [event, deed] = [events[e], refusals[r]];
    if (event && (!deed || event.at >= deed.at)) {
      shown.push({ entry: fromEvent(event, name, named), seq: event.seq, audit: null });
      e++;
    } else if (deed) {
      shown.push({ entry: fromDeed(deed, name), seq: null, audit: deed.id });
      r++;
    }
  }
  const lowest = <T>(values: (T | null)[], otherwise: T): T => values.findLast((one) => one !== null) ?? otherwise;
  return {
    entries: shown.map(({ entry }) => entry),
    next:
      events.length + refusals.length > limit
        ? {
            seq: lowest(
              shown.map(({ seq }) => seq),
              cursor?.seq ?? Number.MAX_SAFE_INTEGER,
            ),
            audit: lowest(
              shown.map(({ audit }) => audit),
              cursor?.audit ?? "~",
            ),
          }
        : null,
  };
}

type Name = (id: string) => string | null;
const actorName = (actor: Row<"event">["actor"], name: Name): Pick<AuditEntry, "actor" | "actorId" | "byKey"> =>
  actor.kind === "system"
    ? { actor: "", actorId: null, byKey: false }
    : { actor: name(actor.id) ?? actor.id, actorId: actor.id, byKey: actor.kind === "api" };

function fromEvent(row: Row<"event">, name: Name, named: Named): AuditEntry {
  const data = row.data as Record<string, Plain>;
  const setting = row.type === "SettingChanged" && typeof data.setting === "string" ? data.setting : null;
  return {
    id: `#${row.seq}`,
    at: row.at,
    ...actorName(row.actor, name),
    what: row.type,
    subject: setting ? withName(setting, name) : row.streamId,
    shown: setting ? null : (named.get(row.streamId) ?? null),
    ok: true,
    from: setting ? (data.from ?? null) : null,
    to: setting ? (data.to ?? null) : (data.changes ?? data.note ?? data.reason ?? data.outcome ?? null),
    detail: null,
  };
}

/** `member.mem_1` reads as `member: Mai Võ`. */
function withName(setting: string, name: Name): string {
  const dot = setting.indexOf(".");
  const known = dot < 0 ? null : name(setting.slice(dot + 1));
  return known ? `${setting.slice(0, dot)}: ${known}` : setting;
}

const fromDeed = (row: Row<"audit">, name: Name): AuditEntry => ({
  id: row.id,
  at: row.at,
  ...actorName(row.actor, name),
  what: row.action,
  subject: row.subject ? (name(row.subject) ?? row.subject) : "",
  shown: null,
  ok: row.ok,
  from: null,
  to: null,
  detail: row.detail ?? null,
});

const auditColumns = [
  "id",
  "at_utc",
  "actor",
  "actor_id",
  "by_key",
  "what",
  "subject",
  "subject_title",
  "allowed",
  "from",
  "to",
  "detail",
] as const;

/** Times are UTC; what was before and after stands as JSON. */
export const auditCsv = (entries: readonly AuditEntry[], language: Language): string =>
  [
    ...writeCsv(
      csvHeadings(auditColumns, language),
      entries.map((one) => [
        one.id,
        new Date(one.at).toISOString(),
        one.actor,
        one.actorId,
        one.byKey,
        one.what,
        one.subject,
        one.shown?.title,
        one.ok,
        one.from === null ? null : JSON.stringify(one.from),
        one.to === null ? null : JSON.stringify(one.to),
        one.detail,
      ]),
      { byteOrderMark: true },
    ),
  ].join("");
