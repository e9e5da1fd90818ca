/** Stage gates: what has to be there before a step begins and before it is finished, and which moves by hand are forbidden. */
import { expect, it } from "vitest";
import type { Requirement } from "@/server/engine/work/gate-schema.ts";
import { type FlowBench, playOn } from "../support/flow-play.ts";

export function gates(theBench: () => Promise<FlowBench>): void {
  let count = 0;
  const gated = async (gate: object, more: object = {}, values = {}) => {
    const bench = await theBench();
    const variables = { variables: { why: { type: "text" }, paper: { type: "text" }, go: { type: "text" } } };
    const nodes = { next: { gate, ...more } };
    const text = "first:task\nnext:task\nstart -> first -> next -> done";
    const run = await playOn(bench, `gate${++count}`, text, { ...variables, nodes } as never, values);
    await run.done("first");
    const finish = async (values = {}, checklist?: string[], outcome: string | null = null, by = "lan") => {
      const item = Object.values((await run.run()).work)[0]!;
      const answer = await bench.send(
        {
          type: "completeWork",
          runId: run.runId,
          work: item.id,
          outcome,
          values,
          ...(checklist && { checklist }),
        } as never,
        by,
      );
      await bench.engine.worker.drain();
      return answer;
    };
    const missing = async () => {
      const held = (await bench.factsOf(run.runId)).filter((one) => one.type === "TokenHeld").at(-1);
      return (held?.data as { unmet?: { fields: string[] }[] } | undefined)?.unmet;
    };
    return { ...run, finish, missing };
  };
  const asks = (...exit: Requirement[]) => ({ exit });

  it("a step begins only when the field it needs is filled, and at once when it is", async () => {
    const run = await gated({ entry: [{ kind: "field", field: "lead.persona" }] });
    expect(await run.at()).toBe("next (held)");
    expect(await run.missing()).toEqual([{ kind: "field", fields: ["lead.persona"] }]);
    await run.change({ persona: "buyer" });
    expect(await run.at()).toBe("next");
  });

  it("of an or only the shorter alternative is asked for, of an and what is missing of it", async () => {
    const entryCriteria =
      '(lead.fit_score > 50 and lead.persona != null and lead.job_title != null) or (lead.fit_score > 10 and lead.source = "inbound_web" and lead.job_title != null)';
    const run = await gated({}, { entryCriteria }, { fit_score: 20 });
    expect(await run.missing()).toMatchObject([{ when: "lead.job_title != null", fields: ["lead.job_title"] }]);
    await run.change({ job_title: "Head of operations" });
    expect(await run.at()).toBe("next");
  });

  it("a step is finished only with what it needs, and that can be filled in right there", async () => {
    const run = await gated(
      asks(
        { kind: "link", field: "run.paper" },
        { kind: "note", field: "run.why", atLeast: 10 },
        { kind: "checklist", item: "read" },
      ),
      {
        checklist: [
          { id: "read", text: "Read the terms" },
          { id: "call", text: "Call" },
        ],
      },
    );
    const refused = await run.finish();
    expect(refused).toMatchObject({
      ok: false,
      code: "MISSING_FIELDS",
      text: "Paper needs a link or the name of a file.",
      details: {
        fields: [
          { field: "run.paper" },
          { field: "run.why", text: "Why needs at least 10 characters." },
          { field: "read", text: "“Read the terms” is not ticked yet." },
        ],
      },
    });
    const filled = { "run.paper": "https://sign.example/contract", "run.why": "agreed on the phone" };
    expect(await run.finish({ ...filled, "run.why": "short" }, ["read"])).toMatchObject({ ok: false });
    expect(await run.finish(filled, ["read"])).toMatchObject({ ok: true });
    expect(await run.at()).toBe("done");
    expect((await run.run()).variables.paper).toBe("https://sign.example/contract");
  });

  it("where a computed field is asked for, what it comes from is filled in right there", async () => {
    const run = await gated(asks({ kind: "condition", when: "lead.lead_score > 50" }), {}, { fit_score: 20 });
    expect(await run.finish()).toMatchObject({ ok: false, details: { fields: [{ field: "lead.lead_score" }] } });
    expect(await run.finish({ "lead.fit_score": 60 })).toMatchObject({ ok: false });
    expect(await run.finish({ "lead.fit_score": 60, "lead.engagement_score": 60 })).toMatchObject({ ok: true });
    expect(await run.at()).toBe("done");
  });

  it("evidence may be another record, such as a contact with a title; and a demand may hold for one outcome only", async () => {
    const run = await gated(
      asks({ kind: "record", record: "lead", where: "lead.job_title != null", text: "a lead with a title" }),
    );
    expect(await run.finish()).toMatchObject({ ok: false, text: "Still missing: a lead with a title" });
    await run.change({ job_title: "Buyer" });
    expect(await run.finish()).toMatchObject({ ok: true });
    const only = await gated(asks({ kind: "field", field: "run.why", outcomes: ["won"] }));
    expect(await only.finish({}, undefined, "won")).toMatchObject({ ok: false });
    expect(await only.finish({}, undefined, "lost")).toMatchObject({ ok: true });
  });

  it("only who may finish a step does; a guarded step is not passed over, and nobody goes back to before it", async () => {
    const run = await gated({ noSkip: true, noBack: true });
    const { id: token } = await run.token("next");
    expect(await run.jump({ kind: "skip", token })).toMatchObject({ ok: false, code: "NOT_ALLOWED" });
    expect(await run.jump({ kind: "jump", token, to: "done" })).toMatchObject({
      ok: false,
      text: "“next” may not be passed over. Nothing was moved.",
    });
    const bench = await theBench();
    const text = "first:task\nsign:task\nlast:task\nstart -> first -> sign -> last -> done";
    const later = await playOn(bench, `gate${++count}`, text, {
      nodes: { sign: { gate: { noBack: true, noSkip: true } } },
    });
    const before = await later.token("first");
    expect(await later.jump({ kind: "jump", token: before.id, to: "last" })).toMatchObject({ ok: false });
    await later.done("first");
    await later.done("sign");
    const after = await later.token("last");
    expect(await later.jump({ kind: "jump", token: after.id, to: "first" })).toMatchObject({
      ok: false,
      text: "“sign” is passed, and nobody goes back to before it. Nothing was moved.",
    });
    const others = await gated({ who: ["manager"] });
    expect(await others.finish({}, undefined, null, "lan")).toMatchObject({ ok: false, code: "NOT_ALLOWED" });
    expect(await others.finish({}, undefined, null, "mai")).toMatchObject({ ok: true });
  });
}
