/** A field of a record in a condition of SQL: as it was written, and counts of days as they are on the day they are read. */
import { type SQL, sql } from "drizzle-orm";
import type { Store } from "../store.ts";

/** As text (numbers as they are written, lists as JSON), as a number, null where it is none, and as the word of a truth. */
type ValueField = { text: SQL; number: SQL; truth: SQL };

/** A field's name is a plain word (checked at the door), so it can stand in a path. */
export function valueField({ t, dialect }: Store, field: string): ValueField {
  const { values } = t.record;
  if (dialect === "sqlite") {
    const path = `$.${field}`;
    return {
      text: sql`cast(json_extract(${values}, ${path}) as text)`,
      number: sql`case when json_type(${values}, ${path}) in ('integer', 'real') then json_extract(${values}, ${path}) end`,
      truth: sql`json_type(${values}, ${path})`,
    };
  }
  return {
    text: sql`(${values} ->> ${field}::text)`,
    number: sql`case when jsonb_typeof(${values} -> ${field}::text) = 'number' then (${values} ->> ${field}::text)::double precision end`,
    truth: sql`(${values} ->> ${field}::text)`,
  };
}

/**
 * A count of days, worked out from what is written as `server/records/derive/receivables.ts` does for one record (a story holds
 * the two together); null for every other field. `today`: days since 1970.
 */
export function daysField(store: Store, field: string, today: number): ValueField | null {
  const count = counts[field]?.(store, today);
  if (!count) return null;
  // What was never worked out for a record, because it is of another type, stays absent.
  const number = sql`case when ${isWritten(store, field)} then ${count} end`;
  return { number, text: sql`cast(${number} as text)`, truth: sql`cast(${number} as text)` };
}

/** Whether it is among the record's values, if only as empty. */
const isWritten = ({ t, dialect }: Store, field: string): SQL =>
  dialect === "sqlite"
    ? sql`json_type(${t.record.values}, ${`$.${field}`}) is not null`
    : sql`jsonb_exists(${t.record.values}, ${field}::text)`;

const counts: Readonly<Record<string, (store: Store, today: number) => SQL>> = {
  days_to_renewal: (store, today) => sql`${dayOf(store, "end_date")} + 1 - ${whole(today)}`,
  days_past_due(store, today) {
    const due = dayOf(store, "due_date");
    const owed = owedOf(store);
    return sql`case when ${due} is null or ${owed} is null then null when ${owed} > 0 and ${due} < ${whole(today)} then ${whole(today)} - ${due} else 0 end`;
  },
};

/** A literal, for a bound number would be a text in PostgreSQL's eyes. */
const whole = (n: number): SQL => sql.raw(String(Math.trunc(n)));

/** What is still owed on an invoice, in minor units; its sign is what counts here. */
function owedOf(store: Store): SQL {
  const of = (field: string) => valueField(store, field).number;
  const total = sql`coalesce(${of("total")}, ${of("subtotal")} + coalesce(${of("tax_total")}, 0))`;
  const { text: status } = valueField(store, "status");
  return sql`case when ${total} is null then null when ${status} in ('void', 'paid') then 0 else coalesce(${of("balance")}, ${total} - coalesce(${of("write_off_amount")}, 0)) end`;
}

/** A date in days since 1970; null where there is none. */
function dayOf(store: Store, field: string): SQL {
  const { text } = valueField(store, field);
  return store.dialect === "sqlite"
    ? sql`cast(julianday(${text}) - 2440587.5 as integer)`
    : sql`case when ${text} ~ '^\\d{4}-\\d\\d-\\d\\d$' then ${text}::date - date '1970-01-01' end`;
}
