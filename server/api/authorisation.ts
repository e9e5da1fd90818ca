/**
 * Who may do what: one table, deny by default. A role that is not in an action's row may not do it. The value is how far:
 * `own` (what is theirs), `team` (their team's too), `all` (the workspace's). A person with several roles has the widest.
 * The rows follow the permission baseline of the personas; "never approve your own" is a rule of the engine, not of a role.
 */

export const roles = ["admin", "ops", "manager", "rep"] as const;
export type Role = (typeof roles)[number];
export type Scope = "own" | "team" | "all";
type Row = { readonly [R in Role]?: Scope };

const everyone = { admin: "all", ops: "all", manager: "all", rep: "all" } as const satisfies Row;
const designers = { admin: "all", ops: "all" } as const satisfies Row;
const admins = { admin: "all" } as const satisfies Row;

const table = {
  // Oneself
  "me.read": everyone,
  "me.change": everyone,
  "live.read": everyone,
  "notices.read": everyone,
  "notices.change": everyone,

  // Records: reps see their own and their team's, managers their team's
  "records.read": { admin: "all", ops: "all", manager: "all", rep: "team" },
  "records.create": { admin: "all", ops: "all", manager: "all", rep: "own" },
  "records.change": { admin: "all", ops: "all", manager: "team", rep: "own" },
  "records.delete": { admin: "all", ops: "all" },
  "records.export": { admin: "all", ops: "all", manager: "team" },
  "records.import": designers,
  "records.import.preview": designers,
  "records.import.undo": designers,

  // Processes
  "processes.read": everyone,
  "processes.edit": designers,
  "processes.test": designers,
  "processes.publish": designers,
  "processes.import": designers,
  "processes.export": designers,
  "processes.retire": designers,
  "log.import": designers,

  // Runs and work
  "runs.read": { admin: "all", ops: "all", manager: "all", rep: "team" },
  "runs.start": { admin: "all", ops: "all", manager: "team", rep: "own" },
  "runs.cancel": designers,
  "runs.override": designers,
  "runs.search": designers,
  "runs.export": designers,
  "runs.migrate": designers,
  "runs.suspend": designers,
  "runs.resume": designers,
  "batches.read": designers,
  "batches.preview": designers,
  "batches.start": designers,
  "batches.stop": designers,
  "lines.read": everyone,
  "lines.stop": designers,
  "lines.start": designers,
  "jobs.read": designers,
  "jobs.replay": designers,
  "jobs.discard": designers,
  "metrics.read": designers,
  "health.read": designers,
  "outgoing.read": designers,
  "outgoing.release": admins,
  "clocks.recompute": designers,
  "runs.jump": { admin: "all", ops: "all", manager: "team" },
  "runs.message": designers,
  "incidents.read": designers,
  "incidents.retry": designers,
  "incidents.mend": designers,
  "actions.dryRun": designers,
  "time.read": designers,
  "time.release": admins,
  "work.read": { admin: "all", ops: "all", manager: "team", rep: "own" },
  "work.do": { ops: "own", manager: "own", rep: "own" },
  "work.undo": { ops: "own", manager: "own", rep: "own" },
  "work.assign": { admin: "all", ops: "all", manager: "team" },

  // Reports
  "reports.read": { admin: "all", ops: "all", manager: "all", rep: "own" },
  "reports.export": { admin: "all", ops: "all", manager: "all" },

  // The workspace
  "people.read": everyone,
  "people.change": admins,
  "people.handOver": admins,
  "teams.change": admins,
  "queues.read": { admin: "all", ops: "all", manager: "all" },
  "queues.export": { admin: "all", ops: "all", manager: "all" },
  "queues.change": designers,
  "calendars.read": everyone,
  "calendars.change": designers,
  "absences.change": { admin: "all", ops: "all", manager: "team", rep: "own" },
  "fields.read": everyone,
  "fields.change": admins,
  "settings.read": everyone,
  "settings.change": admins,
  "mail.test": admins,
  "connections.read": designers,
  "connections.use": designers,
  "connections.replay": designers,
  "connections.change": admins,
  "connections.test": admins,
  "connections.newSecret": admins,
  "connections.remove": admins,
  "clock.advance": admins,
  "keys.read": admins,
  "keys.create": admins,
  "keys.revoke": admins,
  "audit.read": designers,
  "audit.export": designers,
  "demo.clear": admins,
} as const satisfies Record<string, Row>;

export type Action = keyof typeof table;
export const actions = Object.keys(table) as Action[];

/** How far these roles may do this; null = not at all. */
export function scopeOf(action: Action, held: readonly Role[]): Scope | null {
  const row: Row = table[action];
  const scopes = held.map((role) => row[role]);
  return (["all", "team", "own"] as const).find((scope) => scopes.includes(scope)) ?? null;
}

/** True when a key's scopes name the action: itself, its area (`records.*`), or everything (`*`). */
export const keyAllows = (action: Action, scopes: readonly string[]): boolean =>
  scopes.some(
    (scope) => scope === "*" || scope === action || (scope.endsWith(".*") && action.startsWith(scope.slice(0, -1))),
  );

export const isAction = (name: unknown): name is Action => typeof name === "string" && Object.hasOwn(table, name);
export const isRole = (name: unknown): name is Role => roles.some((role) => role === name);
