import { type Column, inArray, type SQL, sql } from "drizzle-orm";
import type { Store } from "../store.ts";

/**
 * `column` is one of `values`, for the lists of a whole group of commands. On SQLite the list is one parameter: a parameter for
 * each value costs more to write down and to prepare than the rows cost to read, and there is a limit to their number.
 */
export const among = ({ dialect }: Pick<Store, "dialect">, column: Column, values: readonly string[]): SQL =>
  dialect === "sqlite"
    ? sql`${column} in (select value from json_each(${JSON.stringify(values)}))`
    : inArray(column, [...values]);
