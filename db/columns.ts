/** How a table's rows become driver values, read off the drizzle tables once. Shared by both stores' writers. */
import { type Column, getTableColumns, getTableName, type Table } from "drizzle-orm";

export type ColumnPlan = {
  key: string;
  name: string;
  /** Of a value that is not null; null where the driver takes it as it is. */
  encode: ((value: unknown) => unknown) | null;
  column: Column;
};
export type TablePlan = { name: string; columns: ColumnPlan[]; primary: ColumnPlan[] };

/** What the driver takes as it is. */
const asItIs = new Set(["SQLiteText", "SQLiteInteger", "SQLiteReal"]);

/** `primary` follows the key's own order, workspace first. */
export function planTable<T extends Table>(table: T, primaryOf: (table: T) => string[]): TablePlan {
  const columns = Object.entries(getTableColumns(table)).map(
    ([key, column]): ColumnPlan => ({
      key,
      name: column.name,
      column,
      encode: asItIs.has(column.columnType) ? null : (value) => column.mapToDriverValue(value),
    }),
  );
  const names = primaryOf(table);
  return { name: getTableName(table), columns, primary: names.map((name) => columns.find((c) => c.name === name)!) };
}
