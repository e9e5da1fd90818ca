/**
 * An explanation holds: what it names does move the run, its sentences stand on events of the log, and the state of any past instant
 * is what was seen then. The walk goes only where explanations lead, so each of them is put to the test.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { runUntil, instantOfEvent } from "@/server/engine/explain/past.ts";
import { hasMoved, type Stuck, whatMoves } from "@/server/engine/explain/what-moves.ts";
import { whyHere } from "@/server/engine/explain/why.ts";
import type { Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { readShippedTemplate, shippedTemplates } from "@/server/templates/index.ts";
import { openBareBench } from "../support/bare-bench.ts";
import { customer } from "../support/customer.ts";
import { doDeeds } from "../support/do-deeds.ts";
import { drawings, processOfDrawing } from "../support/random-drawing.ts";
import { blocks, processOf } from "../support/random-process.ts";

type Bench = ReturnType<typeof openBareBench>;

const documents = fc.oneof(
  blocks.map(processOf),
  drawings()
    .map(processOfDrawing)
    .filter((document) => checkDraft(processSchema.parse(document)).every((p) => p.severity !== "error")),
);
const keyOf = (document: object) => ("key" in document ? String(document.key) : "");
const picks = fc.array(fc.nat(1000), { minLength: 1, maxLength: 25 });

/** Follows the explanation of where the run is, choosing among what it names, and checks each. The run as it was seen on the way. */
async function follow(bench: Bench, runId: string, choices: readonly number[]): Promise<Map<number, string>> {
  const seen = new Map<number, string>();
  for (const choice of choices) {
    // What is done next happens a moment after it was looked at.
    seen.set(bench.now(), JSON.stringify(await bench.run(runId)));
    await bench.advance(1000);
    const before = structuredClone(await bench.run(runId));
    if (before.endedAt !== null) break;
    const process = bench.process(before);
    const stuck = whatMoves(process, before, bench.world(), bench.now());
    explained(stuck, before);
    traced(bench, before);
    const movable = stuck.filter(({ movers }) => movers.length > 0);
    const { token, movers } = movable[choice % movable.length]!;
    // Nobody can type what is computed: it is named, and not done here.
    const doable = movers.filter(({ deeds }) =>
      deeds.every((deed) => deed.kind !== "set" || deed.settings.every((s) => !s.computed && s.object !== "run")),
    );
    const mover = doable[Math.floor(choice / 7) % Math.max(1, doable.length)];
    if (!mover) break;
    const refused = await doDeeds(bench, runId, mover.deeds);
    expect(refused, JSON.stringify(mover)).toBeNull();
    expect(hasMoved(before, await bench.run(runId), { id: token }), JSON.stringify({ token, mover })).toBe(true);
  }
  return seen;
}

/** Each token has something that moves it, or waits for others, and some of those can be moved. */
function explained(stuck: readonly Stuck[], run: Run): void {
  expect(stuck.some(({ movers }) => movers.length > 0)).toBe(true);
  for (const { token, movers, after } of stuck)
    expect(
      movers.length + after.length,
      `${token} ${JSON.stringify([run.tokens[token], run.incidents])}`,
    ).toBeGreaterThan(0);
}

/** The way of each token begins at the start and ends where it is, and each of its sentences stands on an event. */
function traced(bench: Bench, run: Run): void {
  const events = bench.storyOf(run.id);
  const seqs = new Set(events.map(({ seq }) => seq));
  const process = bench.process(run);
  for (const token of Object.values(run.tokens).slice(0, 4)) {
    const why = whyHere({ process, events, world: bench.world() }, token.id);
    expect(why?.way.at(-1)).toMatchObject({ node: token.node, token: token.id, left: null });
    expect(
      process.nodes.get(why!.way[0]!.node)!.node.kind === "start" || events.some((e) => e.type === "RunJumped"),
    ).toBe(true);
    for (const stay of why!.way) {
      const named = [stay.seq, stay.held?.seq, stay.left?.seq, stay.left?.because, ...stay.tables.map((t) => t.seq)];
      for (const seq of named) expect(seq == null || seqs.has(seq)).toBe(true);
    }
  }
}

const { TEST_LONG, TEST_SHORT } = globalThis.process.env;
const numRuns = TEST_LONG ? 3000 : TEST_SHORT ? 30 : 150;

it("what an explanation names moves the run, and any past instant is rebuilt as it was seen", async () => {
  await fc.assert(
    fc.asyncProperty(documents, picks, async (document, choices) => {
      const bench = openBareBench();
      await bench.publish(document);
      const lead = await bench.record("lead", {
        last_name: "P",
        email: "p@p.com",
        company_name: "P",
        source: "inbound_web",
        owner_id: "lan",
      });
      const runId = await bench.start(keyOf(document), lead, "lead");
      await bench.engine.worker.drain();
      const seen = await follow(bench, runId, choices);
      const events = bench.storyOf(runId);
      for (const [at, then] of seen)
        expect(JSON.stringify(runUntil(events, (e) => instantOfEvent(e) <= at && e.at <= at))).toBe(then);
    }),
    { numRuns },
  );
}, 3_600_000);

it.each(shippedTemplates.map(({ key, recordType }) => [key, recordType]))(
  "what an explanation names moves the shipped process %s",
  async (key, recordType) => {
    const ways = fc.array(fc.nat(100_000), { minLength: 20, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ways, async (choices) => {
        const bench = openBareBench();
        for (const template of shippedTemplates) await bench.publish(await readShippedTemplate(template.key));
        const who = await customer(bench);
        const runId = await bench.start(key, who[recordType]!, recordType);
        await bench.engine.worker.drain();
        await follow(bench, runId, choices);
      }),
      { numRuns: TEST_LONG ? 60 : TEST_SHORT ? 1 : 2 },
    );
  },
  3_600_000,
);
