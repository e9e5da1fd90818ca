/** A log that goes through several versions, read from the last one back. */
import { expect, it } from "vitest";
import type { StoredEvent } from "@/server/engine/events.ts";
import { whyHere } from "@/server/engine/explain/why.ts";
import { evolve } from "@/server/engine/evolve.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import type { Run } from "@/server/engine/model.ts";
import { mapRecords } from "@/server/commands/load-world.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { bareWorld } from "@/tests/support/bare-world.ts";
import { compiled, pairs, playThenPublish } from "@/tests/support/move-on.ts";
import { retold } from "./retold.ts";

const edge = (id: string, late: string) => ({
  nodes: { [id]: { boundary: [{ id: late, kind: "timer", after: "PT40H" }] } },
});
const first = {
  text: `ask:task
    size:decision
    call:task
    start -> ask -> size
    size -> call otherwise
    size -> done [lead.fit_score > 90]
    call -> done
    call.late -> gone`,
  more: edge("call", "late"),
};
/** The question and the decision have gone, the call has another name. */
const second = {
  text: `phone:task
    check:task
    start -> phone -> check -> done
    phone.overdue -> gone`,
  more: edge("phone", "overdue"),
};

it("names what there is still by its name of today, and what has gone by the one it had", async () => {
  const bench = openBareBench();
  const run = await playThenPublish(bench, "renamed", first, second);
  await run.done("ask");
  await run.move({ nodes: pairs("start call>phone done gone") });
  await run.done("phone");
  const log = (await bench.factsOf(run.runId)).map((event, i) => ({
    ...event,
    seq: i + 1,
    workspaceId: "ws",
    hash: "",
  })) as StoredEvent[];
  const told = retold(log);
  const steps = told.flatMap(({ type, data }) => (type === "TokenEntered" ? [(data as { node: string }).node] : []));
  expect(steps).toEqual(["start", "ask", "size", "phone", "check"]);
  expect(told.map(({ seq, type }) => [seq, type])).toEqual(log.map(({ seq, type }) => [seq, type]));
  // Folded, it is the run: nothing is renamed twice.
  const fold = (events: readonly StoredEvent[]) =>
    events.reduce<Run | null>((state, event) => evolve(state && copyRun(state), event), null);
  expect(fold(told)!.tokens).toEqual(fold(log)!.tokens);
  expect(fold(told)!.visited).toMatchObject({ phone: 1, check: 1 });

  // Why it is where it is, seen through the drawing of today.
  const process = compiled("renamed", second, 2);
  const past = { process, events: told, world: bareWorld(mapRecords(new Map())) };
  const [token] = Object.keys(fold(log)!.tokens);
  expect(whyHere(past, token!)?.way.map(({ node }) => node)).toEqual(["start", "ask", "size", "phone", "check"]);
});

it("a log without a migration, and what an undo has taken back, stay as they are", async () => {
  const bench = openBareBench();
  const run = await playThenPublish(bench, "taken_back", first, second);
  await run.done("ask");
  const before = await run.run();
  const stored = async () =>
    (await bench.factsOf(run.runId)).map((event, i) => ({
      ...event,
      seq: i + 1,
      workspaceId: "ws",
      hash: "",
    })) as StoredEvent[];
  const plain = await stored();
  expect(retold(plain)).toEqual(plain);
  await run.move({ nodes: pairs("start call>phone done gone") });
  await run.back(before);
  const log = await stored();
  expect(retold(log)).toEqual(log);
});
