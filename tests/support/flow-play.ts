/** Plays one graph on a bench: publishes it, starts a run on a new lead, and says in words where it stands. */
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Plain, Refusal, Run, Values } from "@/server/engine/model.ts";
import { textGraph } from "./text-graph.ts";

export type Given<T> = T extends RunCommand ? Omit<T, "id" | "workspaceId" | "at" | "actor"> : never;

/** What stories about flow need of a bench: one with a database has it, and the bare engine. */
export type FlowBench = {
  errors: readonly unknown[];
  engine: { worker: { drain(): Promise<unknown> } };
  publish(document: unknown): Promise<number>;
  record(type: string, values: Values): Promise<string>;
  change(id: string, values: Values): Promise<{ ok: true } | Refusal>;
  send(command: Given<RunCommand>, memberId?: string): Promise<{ ok: true } | Refusal>;
  start(process: string, recordId: string, recordType: string): Promise<string>;
  run(id: string): Promise<Run>;
  runsOf(recordId: string): Promise<{ id: string; process: string }[]>;
  /** The run's log. */
  factsOf(runId: string): Promise<{ type: string; data: unknown }[]>;
  valuesOf(recordId: string): Promise<Values>;
  advance(ms: number): Promise<void>;
};

type How = Extract<RunCommand, { type: "jump" }>["how"];
let leads = 0;

export const newLead = (bench: FlowBench, values: Values = {}): Promise<string> => {
  const n = ++leads;
  return bench.record("lead", {
    last_name: `P${n}`,
    email: `p${n}@pattern${n}.com`,
    company_name: `Pattern ${n}`,
    source: "inbound_web",
    owner_id: "lan",
    ...values,
  });
};

/** Run variables of a process with what they begin with. */
export const variables = (values: Record<string, Plain>) => ({
  variables: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { type: typeof value === "number" ? "integer" : typeof value === "boolean" ? "boolean" : "text", default: value },
    ]),
  ),
});

export async function playOn(
  bench: FlowBench,
  key: string,
  text: string,
  more: Parameters<typeof textGraph>[2] = {},
  values: Values = {},
) {
  await bench.publish(textGraph(key, text, more));
  const id = await newLead(bench, values);
  await bench.engine.worker.drain();
  const runId = await bench.start(key, id, "lead");
  await bench.engine.worker.drain();
  const settled = async <T>(asked: Promise<T>): Promise<T> => {
    const answer = await asked;
    await bench.engine.worker.drain();
    return answer;
  };
  return {
    bench,
    id,
    runId,
    name: `P${leads}`,
    at: () => placeOf(bench, runId),
    run: () => bench.run(runId),
    done: (node: string, answers: Values = {}) => finish(bench, runId, node, answers),
    change: (changes: Values) => settled(bench.change(id, changes)),
    send: (event: string, payload: Values = {}, correlation?: Plain) =>
      settled(
        bench.send({
          type: "receiveMessage",
          runId,
          event,
          payload,
          ...(correlation !== undefined && { key: correlation }),
        }),
      ),
    jump: (how: How, reason = "as agreed on the phone") =>
      settled(bench.send({ type: "jump", runId, how, reason }, "mai")),
    retry: (incident = "i1") => settled(bench.send({ type: "retryIncident", runId, incident }, "linh")),
    wait: (ms: number) => bench.advance(ms),
    token: async (node: string) => Object.values((await bench.run(runId)).tokens).find((t) => t.node === node)!,
  };
}

/** Completes the open task of this node as its assignee, or as `by`. A refusal fails the story with its sentence. */
export async function finish(bench: FlowBench, runId: string, node: string, values: Values = {}, by?: string) {
  const run = await bench.run(runId);
  const work = Object.values(run.work).find((w) => w.node === node);
  if (!work) throw new Error(`no task at ${node}; the run is at ${await placeOf(bench, runId)}`);
  const member = by ?? work.assignee;
  if (!member) throw new Error(`nobody has the task at ${node}`);
  const chosen = Object.entries(values).find(([field]) => field.startsWith("run."))?.[1];
  const answer = await bench.send(
    { type: "completeWork", runId, work: work.id, outcome: typeof chosen === "string" ? chosen : null, values },
    member,
  );
  if (!answer.ok) throw new Error(`${node}: ${answer.text} ${JSON.stringify(answer.details ?? {})}`);
  await bench.engine.worker.drain();
}

/** Where the run stands, in words: its nodes and what is wrong there. */
export async function placeOf(bench: FlowBench, runId: string): Promise<string> {
  const run = await bench.run(runId);
  const incidents = Object.values(run.incidents).map((i) => `${i.code} at ${i.node}: ${i.text}`);
  const tokens = Object.values(run.tokens).map((t) => (t.state === "in" ? t.node : `${t.node} (${t.state})`));
  return [run.end ?? tokens.sort().join(" + "), ...incidents].join("; ");
}
