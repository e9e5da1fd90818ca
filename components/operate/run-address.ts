/** The filter of runs as it stands in the address, and back: a link opens the same list. */
import type { Caller } from "@/server/api/router.ts";

export type Filter = NonNullable<NonNullable<Parameters<Caller["operate"]["runs"]>[0]>["filter"]>;
export type Sort = "started" | "oldest" | "in_step";
type FieldTest = NonNullable<Filter["fields"]>[number];
/** The address's own words, as texts; empty where nothing is asked. */
export type RunsAsked = Record<(typeof names)[number], string>;

const names = [
  "q",
  "process",
  "version",
  "status",
  "step",
  "days",
  "sla",
  "incident",
  "error",
  "owner",
  "assignee",
  "field",
  "op",
  "value",
  "from",
  "to",
  "sort",
  "after",
] as const;
const dayMs = 86_400_000;
const statuses = ["active", "suspended", "completed", "cancelled"] as const;
const slas = ["breached", "at_risk", "paused", "on_track"] as const;
export const ops = ["is", "is_not", "contains", "at_least", "at_most", "empty", "filled"] as const;

export const readAsked = (found: Record<string, string | string[] | undefined>): RunsAsked =>
  Object.fromEntries(
    names.map((name) => {
      const value = found[name];
      return [name, typeof value === "string" ? value.slice(0, 200) : ""];
    }),
  ) as RunsAsked;

export const addressOf = (asked: Partial<RunsAsked>): string => {
  const parts = names.flatMap((name) => (asked[name] ? [[name, asked[name]]] : []));
  return parts.length ? `/operate?${new URLSearchParams(parts).toString()}` : "/operate";
};

/** What is not valid in an address is left out of it. `open` stands for the states that have not ended. */
export function filterOf(asked: RunsAsked): Filter {
  const number = (text: string) => (/^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : undefined);
  const instant = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : undefined);
  const one = <T extends string>(text: string, of: readonly T[]): T | undefined => of.find((value) => value === text);
  const status = asked.status === "open" ? (["active", "suspended"] as const) : one(asked.status, statuses);
  const days = number(asked.days);
  const to = instant(asked.to);
  const all: Filter = {
    text: asked.q || undefined,
    process: asked.process || undefined,
    version: number(asked.version),
    status: status && (typeof status === "string" ? [status] : [...status]),
    node: asked.step || undefined,
    atLeastInStep: days === undefined ? undefined : Math.round(days * dayMs),
    sla: one(asked.sla, slas),
    incident: asked.incident || undefined,
    error: asked.error || undefined,
    owner: asked.owner || undefined,
    assignee: asked.assignee || undefined,
    startedFrom: instant(asked.from),
    startedTo: to === undefined ? undefined : to + dayMs,
    fields: fieldTest(asked),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Filter;
}

function fieldTest({ field, op: asked, value }: RunsAsked): FieldTest[] | undefined {
  const op = ops.find((one) => one === asked);
  if (!/^[a-z]\w{0,63}$/i.test(field) || !op) return undefined;
  if (op === "empty" || op === "filled") return [{ field, op }];
  if (value === "") return undefined;
  const typed = value === "true" ? true : value === "false" ? false : numberOf(value);
  return [{ field, op, value: op === "contains" ? value : typed }];
}

const numberOf = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

export const sortOf = (asked: RunsAsked): Sort =>
  asked.sort === "oldest" || asked.sort === "in_step" ? asked.sort : "started";

/** `1767225600000.run_1`: where the page before ended. */
export function afterOf(asked: RunsAsked): { at: number; id: string } | undefined {
  const read = /^(\d{1,15})\.([\w-]{1,80})$/.exec(asked.after);
  return read ? { at: Number(read[1]), id: read[2]! } : undefined;
}
