/** Faults drawn into one small process, and all that the checks say of it. */
import type { CheckContext } from "@/server/engine/checks/problems.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import { checkDraft } from "@/server/steps/index.ts";

export type Drawn = Record<string, unknown> & { nodes: Node[]; edges: Edge[] };
export type Node = Record<string, unknown> & { id: string };
export type Edge = Record<string, unknown> & { id: string };

/** Came in → call → done, and nothing wrong with it. */
export const base = (): Drawn => ({
  key: "tiny",
  name: "Tiny",
  recordType: "lead",
  roles: { sdr: { name: "Rep", queue: "reps" }, lead: { name: "Team lead" } },
  queues: { reps: { role: "sdr", name: "Reps", strategy: "round_robin" } },
  calendars: {
    office: {
      zone: "UTC",
      week: { mon: [{ from: "09:00", to: "17:00" }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
    },
  },
  variables: { budget: { type: "integer" } },
  slas: { touch: { name: "First touch", target: "PT4H", calendar: "office" } },
  nodes: [
    { id: "start", kind: "start", name: "Came in" },
    { id: "call", kind: "task", name: "Call", role: "sdr", slas: ["touch"] },
    { id: "end", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "end" },
  ],
});

/** What is said, a line each: how bad, the code, where, and the sentence. */
export function said(change: (drawn: Drawn) => void, context: CheckContext = {}): string[] {
  const drawn = base();
  change(drawn);
  return checkDraft(processSchema.parse(drawn) satisfies Process, context).map(
    ({ severity, code, node, edge, field, text }) =>
      `${severity} ${code} at ${[node, edge, field].map((part) => part ?? "-").join(" ")}: ${text}`,
  );
}

export const node = ({ nodes }: Drawn, id: string) => nodes.find((one) => one.id === id)!;
export const call = (more: Record<string, unknown>) => (drawn: Drawn) => void Object.assign(node(drawn, "call"), more);
export const other = (more: Record<string, unknown>) => (drawn: Drawn) => void Object.assign(drawn, more);
/** Puts a node in the place of the call. */
export const instead =
  (kind: string, config: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  (drawn: Drawn) =>
    void (drawn.nodes[1] = { id: "call", kind, name: "Call", config, ...more });
export const and =
  (...changes: ((drawn: Drawn) => void)[]) =>
  (drawn: Drawn) =>
    changes.forEach((change) => change(drawn));
export const add =
  (...nodes: Node[]) =>
  (drawn: Drawn) =>
    void drawn.nodes.push(...nodes);
export const line =
  (...edges: Edge[]) =>
  (drawn: Drawn) =>
    void drawn.edges.push(...edges);
export const without = (id: string) => (drawn: Drawn) => {
  drawn.nodes = drawn.nodes.filter((one) => one.id !== id);
  drawn.edges = drawn.edges.filter((one) => one.id !== id && one.from !== id && one.to !== id);
};
export const task = (id: string, more: Record<string, unknown> = {}): Node => ({
  id,
  kind: "task",
  name: id.toUpperCase(),
  role: "sdr",
  slas: ["touch"],
  ...more,
});
export const end = (id: string, more: Record<string, unknown> = {}): Node => ({
  id,
  kind: "end",
  name: id.toUpperCase(),
  ...more,
});
/** The call becomes an approval by levels. */
export const approval = (config: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  instead("approval", config, { role: "sdr", slas: ["touch"], ...more });
export const matrix = (table: Record<string, unknown>, config: Record<string, unknown> = {}) =>
  and(
    approval({ matrix: "who", ...config }),
    other({
      decisionTables: {
        who: {
          name: "Who",
          hitPolicy: "first",
          inputs: ["lead.status"],
          outputs: ["approvers"],
          rules: [{ when: ["-"], then: ["sdr"] }],
          ...table,
        },
      },
    }),
  );
