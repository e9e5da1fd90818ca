import { writeCsv } from "@/server/interop/csv/write-csv.ts";
import type { Language } from "@/server/records/field.ts";
import { csvHeadings } from "@/server/reports/csv-headings.ts";
import type { LedgerRow } from "./read-ledger.ts";

/** The ledger as a file: a row a pick, and the pool in one cell a person can read. */
export function ledgerCsv(rows: readonly LedgerRow[], language: Language): string {
  const header = [
    "event",
    "at",
    "process",
    "record",
    "record_id",
    "to",
    "rule",
    "turn",
    "stands_in_for",
    "next",
    "by",
    "pool",
  ];
  return [
    ...writeCsv(
      csvHeadings(header, language, { to: "Giao cho" }),
      rows.map((row) => [
        row.seq,
        new Date(row.at).toISOString(),
        row.process,
        row.record.title,
        row.record.id,
        row.chosen,
        row.rule,
        row.pick?.turn,
        row.pick?.inFor,
        row.pick?.next,
        row.by,
        row.pick?.pool.map(seatText).join("; "),
      ]),
      { byteOrderMark: true },
    ),
  ].join("");
}

type Seat = NonNullable<LedgerRow["pick"]>["pool"][number];
const seatText = ({ name, open, weight, owed, today, cap, reason }: Seat): string =>
  [
    `${name}: open ${open}`,
    weight === null ? null : `weight ${weight}`,
    owed === null ? null : `owed ${owed}`,
    cap === null ? null : `today ${today} of ${cap}`,
    reason,
  ]
    .filter((part) => part !== null)
    .join(", ");
