/** A task that is finished: what its form writes where, and what is logged of it. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { barePerson } from "@/tests/support/bare-world.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const people = [barePerson("lan", { roles: ["ae"] }), barePerson("tom", { roles: ["ae"] })];
let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(Date.UTC(2026, 2, 2, 9), people);
});
type More = NonNullable<Parameters<typeof playOn>[3]>;
const line = "ask:task\nnext:task\nstart -> ask -> next -> done";
const touches = ["none", "connected", "replied", "voicemail", "no_answer", "bad_contact_data", "left_card"];

async function asking(more: More = {}, values: Values = {}) {
  const run = await playOn(bench, `done${++played}`, line, more, values);
  const send = (type: "saveWork" | "completeWork", given: Values, by: string | undefined = "lan") =>
    bench.send(
      {
        type,
        runId: run.runId,
        work: "w1",
        values: given,
        ...(type === "completeWork" && { outcome: null }),
      } as Parameters<typeof bench.send>[0],
      by,
    );
  const facts = async (type: string) =>
    bench
      .storyOf(run.runId)
      .filter((one) => one.type === type)
      .map(({ data }) => data);
  return { ...run, send, facts };
}

describe("what the form writes", () => {
  const form = (...fields: object[]) => ({ forms: { say: { title: "Say", fields } }, nodes: { ask: { form: "say" } } });
  it("fields of the record and variables of the run, each in one fact", async () => {
    const run = await asking({
      ...form({ field: "lead.fit_score" }, { field: "lead.job_title" }, { field: "run.mood" }),
      variables: { mood: { type: "text" } },
    });
    expect(
      await run.send("completeWork", { "lead.fit_score": 7, "run.mood": "busy", "lead.job_title": "Head" }),
    ).toEqual({ ok: true });
    expect(await bench.valuesOf(run.id)).toMatchObject({ fit_score: 7, job_title: "Head" });
    expect((await run.run()).variables).toEqual({ mood: "busy" });
    expect(bench.storyOf(run.runId).filter(({ type }) => type === "RecordChanged")).toHaveLength(1);
    expect(await run.facts("WorkCompleted")).toMatchObject([
      { work: "w1", outcome: null, values: { "lead.fit_score": 7, "run.mood": "busy", "lead.job_title": "Head" } },
    ]);
  });

  it("a related record that is not there is made and linked, but not for nothing", async () => {
    const related = { related: { account: { path: "matched_account_id" } } };
    const empty = await asking({ ...form({ field: "account.name" }), ...related });
    await empty.send("completeWork", { "account.name": null });
    expect((await bench.valuesOf(empty.id)).matched_account_id ?? null).toBeNull();
    const filled = await asking({ ...form({ field: "account.name" }), ...related });
    await filled.send("completeWork", { "account.name": "Lotus" });
    const account = String((await bench.valuesOf(filled.id)).matched_account_id);
    expect(await bench.valuesOf(account)).toMatchObject({ name: "Lotus" });
    expect((await filled.run()).related).toMatchObject({ account });
  });

  it("a draft counts as far as the form asks for it, and what is said last wins", async () => {
    const run = await asking(
      form({ field: "lead.fit_score" }, { field: "lead.job_title" }, { field: "lead.persona", readOnly: true }),
    );
    await run.send("saveWork", {
      "lead.fit_score": 5,
      "lead.job_title": "Head",
      "lead.persona": "buyer",
      "lead.phone": "+84901234567",
    });
    await run.send("completeWork", { "lead.fit_score": 8 });
    const { fit_score, job_title, persona, phone } = await bench.valuesOf(run.id);
    expect([fit_score, job_title, persona ?? null, phone ?? null]).toEqual([8, "Head", null, null]);
  });

  it("a draft counts for what the gate asks for as well", async () => {
    const run = await asking({ nodes: { ask: { gate: { exit: [{ kind: "field", field: "lead.job_title" }] } } } });
    expect(await run.send("completeWork", {})).toMatchObject({
      code: "MISSING_FIELDS",
      details: {
        fields: [{ field: "lead.job_title", text: "Job title is still missing." }],
        unmet: [{ kind: "field", fields: ["lead.job_title"] }],
      },
    });
    await run.send("saveWork", { "lead.job_title": "Head" });
    expect(await run.send("completeWork", {})).toEqual({ ok: true });
  });

  it("a field that is asked for and empty is said, with all the others", async () => {
    const run = await asking(
      form({ field: "lead.fit_score", required: true }, { field: "lead.job_title", required: true }),
    );
    const said = await run.send("completeWork", {});
    expect(said).toMatchObject({
      ok: false,
      code: "MISSING_FIELDS",
      details: { fields: [{ field: "lead.fit_score" }, { field: "lead.job_title" }] },
    });
    expect(said).toMatchObject({
      text: (said as unknown as { details: { fields: { text: string }[] } }).details.fields[0]!.text,
    });
    expect(await run.at()).toBe("ask");
  });
});

describe("a touch", () => {
  const touched = (name: string) => ({
    variables: { [name]: { type: "picklist", values: touches } },
    forms: { say: { title: "Say", fields: [{ field: `run.${name}` }] } },
    nodes: { ask: { form: "say" } },
  });
  it.each([
    ["connected", "call", "connected"],
    ["replied", "email", "replied"],
    ["voicemail", "call", "voicemail"],
    ["no_answer", "call", "no_answer"],
    ["bad_contact_data", "call", "wrong_number"],
    ["left_card", "call", "completed"],
  ])("%s is logged as a %s that is %s", async (result, type, outcome) => {
    for (const name of ["touch_result", "call_result"]) {
      const run = await asking(touched(name));
      expect(await run.send("completeWork", { [`run.${name}`]: result })).toEqual({ ok: true });
      expect((await run.facts("RecordCreated")).at(-1)).toMatchObject({
        type: "activity",
        values: {
          type,
          direction: "outbound",
          subject: "ask",
          outcome,
          occurred_at: bench.now(),
          owner_id: "lan",
          related_type: "lead",
          related_id: run.id,
        },
      });
    }
  });
  it("none is not, nor what another variable holds", async () => {
    const logged = async (name: string, value: string) => {
      const run = await asking(touched(name));
      await run.send("completeWork", { [`run.${name}`]: value });
      return (await run.facts("RecordCreated")).filter((one) => (one as { type: string }).type === "activity").length;
    };
    expect([
      await logged("touch_result", "none"),
      await logged("mail_result", "connected"),
      await logged("call_result", "connected"),
    ]).toEqual([0, 0, 1]);
  });
  it("is the first touch where a person made it", async () => {
    const promise = {
      slas: { p: { name: "P", target: "PT2H", starts: "run.started", stops: "activity.first_touch" } },
    };
    const state = async (by: string | undefined) => {
      const run = await asking({ ...touched("call_result"), ...promise });
      await bench.send(
        {
          type: "completeWork",
          runId: run.runId,
          work: "w1",
          outcome: null,
          values: { "run.call_result": "connected" },
        },
        by,
      );
      return Object.keys((await run.run()).clocks).length;
    };
    expect([await state("lan"), await state(undefined)]).toEqual([0, 1]);
  });
});

describe("work that changes hands", () => {
  const assign = (run: { runId: string }, how: object, by: string) =>
    bench.send({ type: "assignWork", runId: run.runId, work: "w1", how } as Parameters<typeof bench.send>[0], by);
  it("is taken by who comes first; the next hears who has it", async () => {
    const run = await asking();
    expect(await assign(run, { kind: "claim" }, "tom")).toMatchObject({
      code: "CONFLICT",
      text: "lan has taken this task.",
    });
    expect(await assign(run, { kind: "claim" }, "lan")).toEqual({ ok: true });
    await assign(run, { kind: "release" }, "lan");
    expect(await assign(run, { kind: "claim" }, "tom")).toEqual({ ok: true });
    expect(await run.facts("WorkAssigned")).toMatchObject([
      { assignee: "lan", from: null, why: "rule" },
      { assignee: null, from: "lan", why: "release" },
      { assignee: "tom", from: null, why: "claim" },
    ]);
  });
  it("goes on by hand with a note, and not to who cannot take it", async () => {
    const run = await asking();
    expect(await assign(run, { kind: "hand_over", to: "nobody" }, "lan")).toMatchObject({
      code: "INVALID",
      text: "That person cannot take work. Nothing was changed; choose somebody else.",
    });
    expect(await assign(run, { kind: "hand_over", to: "tom", note: "on leave" }, "lan")).toEqual({ ok: true });
    expect((await run.facts("WorkAssigned")).at(-1)).toEqual({
      work: "w1",
      assignee: "tom",
      from: "lan",
      why: "hand_over",
      note: "on leave",
    });
  });
  it("is evened out only while the one it is taken from has it still", async () => {
    const run = await asking();
    const moved = { kind: "rebalance", to: "tom", from: "tom" };
    expect(await assign(run, moved, "mai")).toMatchObject({
      code: "CONFLICT",
      text: "Somebody else has this task by now. It was left where it is.",
    });
    expect(await assign(run, { ...moved, from: "lan" }, "mai")).toEqual({ ok: true });
    expect(await assign(run, { kind: "rule", from: "lan" }, "mai")).toMatchObject({ code: "CONFLICT" });
    expect(await assign(run, { kind: "rule", from: "tom" }, "mai")).toEqual({ ok: true });
    expect((await run.run()).work.w1?.assignee).toBe("lan");
  });
});
