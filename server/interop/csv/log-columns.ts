/** Which column of a table says what about an event. */
export type LogColumns = {
  case: string;
  activity: string;
  time: string;
  start?: string;
  enabled?: string;
  resource?: string;
  lifecycle?: string;
};

type Role = keyof LogColumns;

/** Names seen for each role, best first; compared without case, spaces and punctuation. */
const names: Record<Role, readonly string[]> = {
  case: [
    "case:concept:name",
    "case id",
    "case",
    "case number",
    "trace id",
    "instance id",
    "process instance",
    "ticket id",
    "opportunity id",
    "deal id",
    "record id",
    "application id",
    "order id",
  ],
  activity: [
    "concept:name",
    "activity",
    "activity name",
    "task",
    "task name",
    "event",
    "event name",
    "step",
    "stage",
    "to stage",
    "new value",
    "status",
    "action",
  ],
  time: [
    "time:timestamp",
    "end time",
    "end timestamp",
    "complete timestamp",
    "completed at",
    "completed",
    "completion time",
    "end",
    "finished at",
    "timestamp",
    "time",
    "event time",
    "date time",
    "datetime",
    "created date",
    "changed at",
    "edit date",
    "date",
  ],
  start: ["start timestamp", "start time", "started at", "start", "begin", "begin time"],
  enabled: ["enabled time", "enabled at", "enable time", "enabled timestamp", "entered at"],
  resource: [
    "org:resource",
    "resource",
    "user",
    "owner",
    "agent",
    "assignee",
    "performed by",
    "edited by",
    "employee",
    "person",
  ],
  lifecycle: ["lifecycle:transition", "lifecycle", "transition", "event type"],
};

/**
 * Finds the columns by their names; a role whose names do not occur stays open, and each column has one role. A table with
 * only a start time has that as its time. Undefined roles have to be chosen by a person.
 */
export function detectLogColumns(columns: readonly string[]): Partial<LogColumns> {
  const found: Partial<LogColumns> = {};
  const free = new Map(columns.map((column) => [normal(column), column]));
  for (const role of roles) {
    const name = names[role].map(normal).find((candidate) => free.has(candidate));
    if (name === undefined) continue;
    found[role] = free.get(name);
    free.delete(name);
  }
  if (found.time === undefined && found.start !== undefined) {
    found.time = found.start;
    delete found.start;
  }
  return found;
}

const roles: readonly Role[] = ["case", "activity", "start", "enabled", "time", "resource", "lifecycle"];

const normal = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
