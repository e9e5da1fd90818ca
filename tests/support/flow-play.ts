/** Plays one graph on a bench: publishes it, starts a run on a new lead, and says in words where it stands. */
import type { Plain, Values } from "@/server/engine/model.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Bench } from "../stories/bench.ts";
import { finish, placeOf } from "../stories/template-walk.ts";
import { textGraph } from "./text-graph.ts";

type How = Extract<RunCommand, { type: "jump" }>["how"];
let leads = 0;

export const newLead = (bench: Bench, values: Values = {}): Promise<string> => {
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
  bench: Bench,
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
