/** A stage that a person changes on the record's page is held to the gates of the run that is at work on the record. */
import { expect, it } from "vitest";
import type { Store, WriteSet } from "@/db/store.ts";
import { recordsById } from "@/db/queries/world.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Values } from "@/server/engine/model.ts";
import { stageView } from "@/server/inbox/stage-view.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { describeOnBoth } from "../support/databases.ts";
import { playOn } from "../support/flow-play.ts";
import { type Bench, openBench } from "./bench.ts";

const stage = (value: string) => [{ verb: "set", field: "lead.lifecycle_stage", value: JSON.stringify(value) }];

describeOnBoth("a stage changed by hand", (open) => {
  let opened: Promise<Bench> | undefined;
  let count = 0;
  const theBench = () => (opened ??= open().then((store) => openBench(interrupted(store))));
  /** Done once, right before a record that a person changed is written: another server is faster. */
  let meanwhile: (() => Promise<unknown>) | null = null;
  const interrupted = ({ turns, ...store }: Store): Store => {
    const after =
      <T>(commit: (sets: WriteSet[]) => Promise<T>) =>
      async (sets: WriteSet[]) => {
        const first = sets.some(({ events }) =>
          events.some((e) => e.type === "RecordChanged" && e.data.source === "person"),
        )
          ? meanwhile
          : null;
        if (first) meanwhile = null;
        await first?.();
        return commit(sets);
      };
    return {
      ...store,
      commit: after(store.commit),
      ...(turns && { turns: { ...turns, commit: after(turns.commit) } }),
    };
  };
  /** Marketing qualifies a lead, sales accepts it, then works it: each step begins its stage. */
  async function selling(nodes: Record<string, object> = {}, values: Values = {}) {
    const bench = await theBench();
    const steps = { qualify: "mql", accept: "sal", work: "sql" };
    const run = await playOn(
      bench,
      `stages${++count}`,
      "qualify:task\naccept:task\nwork:task\nstart -> qualify -> accept -> work -> done",
      {
        nodes: Object.fromEntries(
          Object.entries(steps).map(([id, value]) => [id, { actions: stage(value), ...nodes[id] }]),
        ),
      },
      values,
    );
    return {
      ...run,
      moveTo: (value: string, more: Values = {}, by = "lan") =>
        bench.change(run.id, { lifecycle_stage: value, ...more }, by),
      stage: async () => (await bench.valuesOf(run.id)).lifecycle_stage,
    };
  }

  it("waits for what the step of that stage asks for, and may bring it along", async () => {
    const lead = await selling({
      accept: { gate: { entry: [{ kind: "field", field: "lead.persona" }] }, entryCriteria: "lead.fit_score > 50" },
    });
    expect(await lead.stage()).toBe("mql");
    expect(await lead.moveTo("sal")).toMatchObject({
      ok: false,
      code: "MISSING_FIELDS",
      text: "“accept” asks for more first; nothing was saved. This does not hold yet: lead.fit_score > 50",
      details: {
        stage: { node: "accept", how: "missing" },
        fields: [{ field: "lead.fit_score" }, { field: "lead.persona" }],
      },
    });
    expect(await lead.stage()).toBe("mql");
    expect(await lead.moveTo("sal", { fit_score: 60, persona: "buyer" })).toMatchObject({ ok: true });
    expect(await lead.stage()).toBe("sal");
  });

  it("waits for what the step it leaves asks for at its end, evidence among it", async () => {
    const lead = await selling({
      qualify: {
        gate: {
          exit: [
            { kind: "note", field: "lead.source_detail", atLeast: 10 },
            { kind: "field", field: "lead.job_title" },
          ],
        },
      },
    });
    expect(await lead.moveTo("sal", { job_title: "Buyer" })).toMatchObject({
      ok: false,
      details: { stage: { node: "qualify" }, fields: [{ field: "lead.source_detail" }] },
    });
    expect(await lead.moveTo("sal", { job_title: "Buyer", source_detail: "met at the fair" })).toMatchObject({
      ok: true,
    });
  });

  it("what is missing is shown part by part, with the fields that would meet it", async () => {
    const lead = await selling({ accept: { entryCriteria: "lead.fit_score > 50 and lead.persona != null" } });
    const { engine, store, workspaceId, ask } = await theBench();
    const [row] = await recordsById(store, { workspaceId, ids: [lead.id] });
    const seen = (values: Values) => stageView(engine, ask("lan"), row!, values, recordLabels("en"));
    expect(await seen({ lifecycle_stage: "sal" })).toMatchObject({
      refusal: null,
      step: "accept",
      parts: [
        { wants: { how: "more", value: "50" }, fields: [{ label: "Fit score", fix: { recordId: lead.id } }] },
        { wants: { how: "filled" }, fields: [{ label: "Persona" }] },
      ],
    });
    // What the record model asks for is on the same list.
    expect(await seen({ lifecycle_stage: "recycled" })).toMatchObject({
      step: null,
      parts: [{ kind: "field", fields: [{ path: "lead.recycle_reason" }] }],
    });
    expect(await seen({ lifecycle_stage: "converted" })).toMatchObject({
      refusal: "Lifecycle stage cannot go from mql to converted; it can go to sal, recycled, disqualified.",
      parts: [],
    });
  });

  it("of a field that is computed the fields it comes from are offered, and filling those in is enough", async () => {
    const lead = await selling({ accept: { entryCriteria: "lead.lead_score > 50" } });
    const { engine, store, workspaceId, ask } = await theBench();
    const [row] = await recordsById(store, { workspaceId, ids: [lead.id] });
    const seen = await stageView(engine, ask("lan"), row!, { lifecycle_stage: "sal" }, recordLabels("en"));
    expect(seen.parts).toMatchObject([
      {
        wants: { how: "more", value: "50" },
        fields: [
          {
            label: "Lead score",
            fix: null,
            sources: [
              { path: "lead.fit_score", label: "Fit score", fix: { recordId: lead.id } },
              { path: "lead.engagement_score", fix: { recordId: lead.id } },
            ],
          },
        ],
      },
    ]);
    expect(await lead.moveTo("sal", { fit_score: 20 })).toMatchObject({ ok: false });
    expect(await lead.moveTo("sal", { fit_score: 90, engagement_score: 40 })).toMatchObject({ ok: true });
  });

  it("what is asked for at the end of one outcome is not asked for here", async () => {
    const lead = await selling({
      qualify: { gate: { exit: [{ kind: "field", field: "lead.job_title", outcomes: ["won"] }] } },
    });
    expect(await lead.moveTo("sal")).toMatchObject({ ok: true });
  });

  it("only who may finish the step moves the record on from it", async () => {
    const lead = await selling({ qualify: { gate: { who: ["manager"] } } });
    expect(await lead.moveTo("sal")).toMatchObject({
      ok: false,
      code: "NOT_ALLOWED",
      text: "Only Manager may move it on from “qualify”. Nothing was saved.",
    });
    expect(await lead.moveTo("sal", {}, "mai")).toMatchObject({ ok: true });
  });

  it("a guarded step is not passed over by a stage, and nobody goes back to before it", async () => {
    const lead = await selling({ accept: { gate: { noSkip: true } } });
    // The record model lets a lead go from one stage to the next only; a run may be behind.
    await lead.moveTo("sal");
    expect(await lead.moveTo("sql")).toMatchObject({
      ok: false,
      text: "“accept” may not be passed over. Finish it first; nothing was saved.",
    });
    const late = await selling({ accept: { gate: { noBack: true } } });
    await late.done("qualify");
    await late.done("accept");
    await late.moveTo("recycled", { recycle_reason: "timing" });
    expect(await late.moveTo("mql")).toMatchObject({
      ok: false,
      text: "“accept” is passed, and nobody goes back to before it. Nothing was saved.",
    });
  });

  it("a run that moves on while a stage is being changed is looked at again before it is", async () => {
    const lead = await selling({ accept: { gate: { noBack: true } }, work: { actions: [] } });
    await lead.done("qualify");
    await lead.moveTo("recycled", { recycle_reason: "timing" });
    // Nobody has passed “accept” yet, so it may be qualified anew; but just then somebody does.
    const bench = await theBench();
    const other = startEngine({
      store: bench.store,
      clock: bench.clock,
      newId: countedIds(7000),
      send: async () => ({ ok: true, result: null }),
      onError: (error) => bench.errors.push(error),
    });
    const [work] = Object.keys((await bench.run(lead.runId)).work);
    let accepted: unknown;
    meanwhile = async () => {
      accepted = await other.loop.submit({
        id: "meanwhile",
        workspaceId: bench.workspaceId,
        runId: lead.runId,
        at: bench.clock.now(),
        actor: { kind: "member", id: "lan" },
        type: "completeWork",
        work: work!,
        outcome: null,
        values: {},
      });
    };
    expect(await lead.moveTo("mql")).toMatchObject({
      ok: false,
      text: "“accept” is passed, and nobody goes back to before it. Nothing was saved.",
    });
    expect(accepted).toMatchObject({ ok: true });
    expect(await lead.stage()).toBe("recycled");
  });

  it("a stage the process says nothing of is held by the step of the stage that is left", async () => {
    const lead = await selling({ qualify: { gate: { exit: [{ kind: "field", field: "lead.job_title" }] } } });
    expect(await lead.moveTo("disqualified")).toMatchObject({ ok: false, details: { stage: { node: "qualify" } } });
    expect(await lead.moveTo("disqualified", { job_title: "None" })).toMatchObject({ ok: true });
  });

  it("without gates, without a run, and for what comes from outside nothing is asked", async () => {
    const bench = await theBench();
    const plain = await selling();
    expect(await plain.moveTo("sal")).toMatchObject({ ok: true });
    const gated = { accept: { entryCriteria: "lead.fit_score > 50" } };
    const told = await selling(gated);
    expect(
      await changeRecord(
        bench.engine,
        { ...bench.ask(), actor: { kind: "system" } },
        {
          id: told.id,
          values: { lifecycle_stage: "sal" },
        },
      ),
    ).toMatchObject({ ok: true });
    const over = await selling(gated);
    await bench.send({ type: "cancelRun", runId: over.runId, reason: "a duplicate" }, "linh");
    expect(await over.moveTo("sal")).toMatchObject({ ok: true });
  });

  it("other fields are saved as ever", async () => {
    const lead = await selling({
      qualify: { gate: { exit: [{ kind: "field", field: "lead.job_title" }], who: ["manager"] } },
    });
    const bench = await theBench();
    expect(await bench.change(lead.id, { persona: "buyer" }, "lan")).toMatchObject({ ok: true });
  });

  it("the log rebuilds all of these", async () => {
    const bench = await theBench();
    await bench.engine.worker.drain();
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
