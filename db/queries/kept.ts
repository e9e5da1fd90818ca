/**
 * Reads of the hot paths, written down once a database and run with new values: drizzle takes longer to put a statement together
 * than the database takes to answer it.
 */
import { type Column, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { Store } from "../store.ts";

/** A read with holes in it: `given` by name, and `list` for a list as JSON. */
export type Holes = {
  given(name: string): Placeholder;
  among(column: Column, name: string): SQL;
};
type Prepared<Row> = { execute(values: Record<string, unknown>): Promise<Row[]> };

/** `write` makes the statement; its holes are filled with the values of each call, a list as an array of texts. */
export function kept<Values extends Record<string, string | number | readonly string[]>, Row>(
  write: (store: Store, holes: Holes) => { prepare(name: string): Prepared<Row> },
): (store: Store, values: Values) => Promise<Row[]> {
  const known = new WeakMap<Store["read"], Prepared<Row>>();
  return async (store, values) => {
    let prepared = known.get(store.read);
    if (!prepared) known.set(store.read, (prepared = write(store, holesFor(store)).prepare("")));
    const filled: Record<string, unknown> = {};
    for (const name in values) {
      const value = values[name]!;
      filled[name] = typeof value === "object" ? JSON.stringify(value) : value;
    }
    return prepared.execute(filled);
  };
}

/** On both databases a list is one parameter, so that its length does not change the statement. */
const holesFor = ({ dialect }: Store): Holes => ({
  given: (name) => sql.placeholder(name),
  among: (column, name) =>
    dialect === "sqlite"
      ? sql`${column} in (select value from json_each(${sql.placeholder(name)}))`
      : sql`${column} = any (array(select jsonb_array_elements_text(${sql.placeholder(name)}::text::jsonb)))`,
});
