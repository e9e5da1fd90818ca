/** Steps and processes that their operators have stopped. */
import { and, asc, eq } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

export async function lineStops({ read, t }: Store, workspaceId: string, process?: string): Promise<Row<"lineStop">[]> {
  const { lineStop } = t;
  return read
    .select()
    .from(lineStop)
    .where(and(eq(lineStop.workspaceId, workspaceId), process ? eq(lineStop.process, process) : undefined))
    .orderBy(asc(lineStop.at));
}
