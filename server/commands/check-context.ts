import type { TypeScope } from "@/server/engine/expression/index.ts";
import type { CheckContext } from "@/server/engine/checks/problems.ts";
import type { Process } from "@/server/engine/process.ts";
import { feelTypes } from "@/server/records/feel.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/** What a workspace knows, for checking a process against it: fields, processes, who is in a queue. */
export const checkContext = (context: WorkspaceContext): CheckContext => ({
  types: typeScope,
  hasField: context.model.hasField,
  processes: [...context.owners.keys()],
  connections: context.connections,
  sharedCalendar: (process, key) =>
    context.calendars.has(`${process}.${key}`) ? undefined : context.calendars.get(key)?.definition,
  hasOwner: (process) => {
    const owner = context.owners.get(process);
    return owner === undefined ? undefined : owner !== null && context.directory.people.get(owner)?.active === true;
  },
  knowsWho: (text) => isSomebody(context, text),
  hasSkill: (skill) =>
    [...context.directory.people.values()].some(
      (person) => person.active && person.skills?.some((one) => one.toLowerCase() === skill.trim().toLowerCase()),
    ),
  members: [...context.directory.people.values()].flatMap(({ id, active }) => (active ? id : [])),
  queueMembers: (queue, role) => context.directory.queue(queue).length || context.directory.role(role).length,
});

/** Whether a rule's text means a person who works here, a queue or a role with anybody in it. */
export const isSomebody = ({ directory }: WorkspaceContext, text: string): boolean => {
  const named = text.trim();
  const address = named.toLowerCase();
  return (
    [...directory.people.values()].some(
      (person) => person.active && (person.id === named || person.email?.toLowerCase() === address),
    ) ||
    directory.queue(named).length > 0 ||
    directory.role(named).length > 0
  );
};

/** The names expressions of a process may read: its record, its related records, its variables, the step. */
export function typeScope(process: Process): TypeScope {
  const scope: Record<string, TypeScope[string]> = { [process.recordType]: feelTypes(process.recordType) };
  for (const [name, rule] of Object.entries(process.related)) scope[name] = feelTypes(rule.newest ?? name);
  scope.run = Object.fromEntries(
    Object.entries(process.variables).map(([name, v]) => [
      name,
      v.type === "boolean"
        ? { type: "boolean" }
        : v.type === "date"
          ? { type: "date" }
          : v.type === "datetime"
            ? { type: "datetime" }
            : v.type === "integer" || v.type === "decimal" || v.type === "percent"
              ? { type: "number", ...(v.type === "integer" && { whole: true }) }
              : { type: "text", ...(v.values && { values: v.values }) },
    ]),
  );
  scope.step = {
    entered_at: { type: "datetime" },
    assignee: { type: "text" },
    blocked_reason: { type: "text" },
    visit_no: { type: "number" },
  };
  const open = { "*": { type: "any" } } as const;
  const number = { type: "number" } as const;
  for (const { kind, config } of process.nodes) {
    if (kind === "for_each" && typeof config.as === "string")
      scope[config.as] ??=
        config.over === "records" && typeof config.records === "string" ? feelTypes(config.records) : open;
    if (kind === "for_each")
      scope.loop = {
        total: number,
        done: number,
        open: number,
        success: number,
        neutral: number,
        negative: number,
        index: number,
      };
    // What a step is given back can be named where it is written down.
    if (kind === "wait" && config.output) scope.message = open;
    if (kind === "subprocess" && config.output) scope.child = open;
  }
  return scope;
}
