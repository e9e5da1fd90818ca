/** Found runs as a file: one line a run, with everything the list shows. Instants in UTC. */
import { writeCsv } from "@/server/interop/csv/write-csv.ts";
import type { Language } from "@/server/records/field.ts";
import { csvHeadings } from "./csv-headings.ts";

type Line = {
  id: string;
  process: string;
  version: number;
  status: string;
  outcome: string | null;
  recordType: string;
  recordId: string;
  title: string | null;
  owner: string | null;
  amount: number | null;
  startedAt: number;
  endedAt: number | null;
  steps: readonly { name: string; enteredAt: number; dueAt: number | null; late: boolean }[];
  errors: readonly { code: string; text: string }[];
};

const header = [
  "run",
  "process",
  "version",
  "status",
  "outcome",
  "record_type",
  "record",
  "title",
  "owner",
  "amount",
  "started_utc",
  "ended_utc",
  "steps",
  "in_step_since_utc",
  "due_utc",
  "late",
  "incident_codes",
  "incidents",
];

const utc = (at: number | null | undefined) => (at === null || at === undefined ? null : new Date(at).toISOString());

export const runsCsv = (runs: readonly Line[], language: Language): string =>
  [
    ...writeCsv(
      csvHeadings(header, language),
      runs.map((run) => [
        run.id,
        run.process,
        run.version,
        run.status,
        run.outcome,
        run.recordType,
        run.recordId,
        run.title,
        run.owner,
        run.amount,
        utc(run.startedAt),
        utc(run.endedAt),
        run.steps.map(({ name }) => name).join("; "),
        utc(run.steps[0]?.enteredAt),
        utc(run.steps.flatMap(({ dueAt }) => dueAt ?? []).sort((a, b) => a - b)[0]),
        run.steps.some(({ late }) => late),
        run.errors.map(({ code }) => code).join("; "),
        run.errors.map(({ text }) => text).join("; "),
      ]),
      { byteOrderMark: true },
    ),
  ].join("");
