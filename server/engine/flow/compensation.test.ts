import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn, variables } from "@/tests/support/flow-play.ts";

const bench = openBareBench();
const note = (what: string) => ({ verb: "set", field: "run.log", value: `run.log + "${what} "` });
const text = `reserve:task
   invoice:task
   void:automation
   start -> reserve -> invoice -> void -> done`;
const nodes = (...actions: object[]) => ({
  ...variables({ log: "", ready: false }),
  nodes: {
    reserve: { compensate: [note("unreserve"), note("tell")] },
    invoice: { compensate: [note("credit")] },
    void: { actions },
  },
});

async function finished(key: string, ...actions: object[]) {
  const run = await playOn(bench, key, text, nodes(...actions));
  await run.done("reserve");
  await run.done("invoice");
  return { log: (await run.run()).variables.log, left: (await run.run()).compensable.map(({ node }) => node) };
}

it("the last completed step is taken back first, each with all of its actions", async () => {
  expect(await finished("all_back", { verb: "compensate" })).toEqual({ log: "credit unreserve tell ", left: [] });
});

it("of one step only: the others stay as they are", async () => {
  expect(await finished("one_back", { verb: "compensate", node: "reserve" })).toEqual({
    log: "unreserve tell ",
    left: ["invoice"],
  });
});

it("only when its condition holds; one of blanks always does", async () => {
  expect(await finished("not_ready", { verb: "compensate", when: "run.ready" })).toEqual({
    log: "",
    left: ["reserve", "invoice"],
  });
  expect(await finished("is_ready", { verb: "compensate", when: "not(run.ready)" })).toMatchObject({ left: [] });
  expect(await finished("blank", { verb: "compensate", when: " " })).toMatchObject({ left: [] });
});

it("what is inside takes back what was done inside, and not what was done around it", async () => {
  const run = await playOn(
    bench,
    "inside",
    `reserve:task
     part:subprocess inline=true
     invoice:task in=part
     void:automation in=part
     over:end in=part
     invoice -> void -> over
     start -> reserve -> part -> done`,
    nodes({ verb: "compensate" }),
  );
  await run.done("reserve");
  await run.done("invoice");
  expect((await run.run()).variables.log).toBe("credit ");
});

it("an action that asks an outside system is done when its answer comes, and the next one follows", async () => {
  const call = { verb: "http", method: "POST", url: "https://pay.example/refund" };
  const run = await playOn(bench, "asks", text, {
    ...variables({ log: "" }),
    nodes: {
      reserve: { compensate: [note("unreserve")] },
      invoice: { compensate: [call, note("credited")] },
      void: { actions: [{ verb: "compensate" }] },
    },
  });
  await run.done("reserve");
  await run.done("invoice");
  expect(await run.at()).toBe("done");
  expect((await run.run()).variables.log).toBe("credited unreserve ");
  const done = (await bench.factsOf(run.runId)).filter((fact) => fact.type === "CompensationDone");
  expect(done.map((fact) => fact.data)).toEqual([
    { visit: "v2", node: "invoice", action: 0, done: false },
    { visit: "v2", node: "invoice", action: 1, done: true },
    { visit: "v1", node: "reserve", action: 0, done: true },
  ]);
});
