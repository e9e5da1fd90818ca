/** Approvals with several approvers, one story for each rule of theirs; on both databases and on the bare engine. */
import { expect, it } from "vitest";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Process } from "@/server/engine/process.ts";
import type { Refusal, Values } from "@/server/engine/model.ts";
import { type FlowBench, newLead, placeOf } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";

export const hour = 3_600_000;
/** Who is there: `lan` asks and owns the records; `boss` leads the directors. */
export const cast: readonly { id: string; roles: string[]; managerId: string | null; backupId: string | null }[] = [
  { id: "lan", roles: ["ae"], managerId: "mai", backupId: null },
  { id: "mai", roles: ["manager"], managerId: "boss", backupId: null },
  { id: "dee", roles: ["director"], managerId: "boss", backupId: null },
  { id: "dan", roles: ["director"], managerId: "boss", backupId: null },
  { id: "dot", roles: ["director"], managerId: "boss", backupId: null },
  { id: "fin", roles: ["finance"], managerId: null, backupId: "fay" },
  { id: "fay", roles: [], managerId: null, backupId: null },
  { id: "boss", roles: ["executive"], managerId: null, backupId: null },
  // Owns the processes of the benches that have a database.
  { id: "linh", roles: [], managerId: null, backupId: null },
];

export type Stage = FlowBench & {
  now(): number;
  away(member: string, from: number, to: number): Promise<void>;
  delegate(member: string, to: string, from: number, until: number): Promise<void>;
  leaves(member: string): Promise<void>;
  returns(member: string): Promise<void>;
};

const roles = Object.fromEntries(
  ["ae", "manager", "director", "finance", "executive"].map((key) => [key, { name: key }]),
);
let count = 0;
type Config = Record<string, unknown>;

/** A request by lan, then an approval with these settings. */
export async function ask(
  stage: Stage,
  config: Config,
  more: Omit<Partial<Process>, "nodes"> = {},
  values: Values = {},
) {
  const key = `ap${++count}`;
  const text = `request:task
    okay:approval
    start -> request -> okay
    okay.approved -> won
    okay.rejected -> lost
    okay.returned -> request max 5`;
  const forms = { say: { title: "Say", fields: [{ field: "run.decision", required: true }] } };
  const drawn = textGraph(key, text, {
    roles,
    forms,
    variables: {
      decision: { type: "picklist", values: ["none", "approved", "rejected", "returned"], default: "none" },
    },
    nodes: { okay: { role: "manager", form: "say", config: { exits: "decision", ...config } } },
    ...more,
  }) as { edges: { from: string; port?: string; rework?: boolean }[] };
  await stage.publish(drawn);
  const record = await newLead(stage, values);
  await stage.engine.worker.drain();
  const runId = await stage.start(key, record, "lead");
  await stage.engine.worker.drain();
  const send = async (command: Record<string, unknown>, by?: string): Promise<{ ok: true } | Refusal> => {
    const answer = await stage.send({ runId, ...command } as Omit<RunCommand, "id"> as never, by);
    await stage.engine.worker.drain();
    return answer;
  };
  const workOf = async (member: string) =>
    Object.values((await stage.run(runId)).work).find((one) => one.assignee === member);
  const run = {
    runId,
    record,
    send,
    run: () => stage.run(runId),
    at: () => placeOf(stage, runId),
    request: async (by = "lan") => {
      const [item] = Object.values((await stage.run(runId)).work);
      return send({ type: "completeWork", work: item!.id, outcome: null, values: {} }, by);
    },
    /** The open approvers in the order they were asked, `dan for dee` when in her place. */
    asked: async () =>
      Object.values((await stage.run(runId)).work)
        .filter((one) => one.approval)
        .map((one) => (one.for ? `${one.assignee} for ${one.for}` : (one.assignee ?? "queue")))
        .join(", "),
    decide: async (member: string, decision: string, says: { comment?: string; reason?: string } = {}) => {
      const item = await workOf(member);
      if (!item) throw new Error(`${member} is not asked; asked are ${await run.asked()}`);
      const values = { "run.decision": decision };
      return send({ type: "completeWork", work: item.id, outcome: decision, values, ...says }, member);
    },
    workOf,
    facts: async (type: string) => (await stage.factsOf(runId)).filter((one) => one.type === type).map((f) => f.data),
  };
  return run;
}

export function approvals(theStage: () => Promise<Stage>): void {
  const asking = async (config: Config, more: Omit<Partial<Process>, "nodes"> = {}, values: Values = {}) => {
    const run = await ask(await theStage(), config, more, values);
    await run.request();
    return run;
  };
  const level = (asked: string[], needs: unknown = "all", name = "") => ({ ask: asked, needs, name });
  const ok = { ok: true };

  it("two of three directors: the second yes approves, and the third is not asked any more", async () => {
    const run = await asking({ levels: [level(["*director"], 2)] });
    expect(await run.asked()).toBe("dee, dan, dot");
    expect(await run.decide("dee", "rejected")).toMatchObject(ok);
    expect(await run.at()).toBe("okay");
    expect((await run.run()).variables.decision).toBe("none");
    expect(await run.decide("dan", "approved")).toMatchObject(ok);
    expect(await run.decide("dot", "approved")).toMatchObject(ok);
    expect(await run.at()).toBe("won");
    expect((await run.run()).variables.decision).toBe("approved");
  });

  it("as soon as the outcome is certain the rest is cancelled", async () => {
    const run = await asking({ levels: [level(["*director"], 2)] });
    await run.decide("dot", "rejected");
    await run.decide("dee", "rejected");
    expect(await run.at()).toBe("lost");
    expect(await run.asked()).toBe("");
    expect(await run.facts("WorkCancelled")).toMatchObject([{ reason: "the decision is certain without it" }]);
    expect(await run.facts("ApprovalLevelClosed")).toMatchObject([{ decision: "rejected", spared: ["1.2"] }]);
  });

  it("a majority of three is two, any one is enough of any, and all are all", async () => {
    const most = await asking({ levels: [level(["*director"], "majority")] });
    await most.decide("dee", "approved");
    expect(await most.at()).toBe("okay");
    await most.decide("dot", "approved");
    expect(await most.at()).toBe("won");
    const any = await asking({ levels: [level(["*director"], "any")] });
    await any.decide("dan", "approved");
    expect(await any.at()).toBe("won");
    const all = await asking({ levels: [level(["*director"])] });
    await all.decide("dan", "rejected");
    expect(await all.at()).toBe("lost");
  });

  it("level after level: the next is asked once the one before has approved", async () => {
    const run = await asking({ levels: [level(["manager"]), level(["director", "finance"]), level(["@boss"])] });
    expect(await run.asked()).toBe("mai");
    await run.decide("mai", "approved");
    expect(await run.asked()).toBe("dee, fin");
    await run.decide("fin", "approved");
    expect(await run.asked()).toBe("dee");
    await run.decide("dee", "approved");
    expect(await run.asked()).toBe("boss");
    await run.decide("boss", "approved");
    expect(await run.at()).toBe("won");
    expect(await run.facts("ApprovalLevelOpened")).toHaveLength(3);
  });

  it("one who returns it sends it back for changes at once, and it is asked anew afterwards", async () => {
    const run = await asking({ levels: [level(["*director"], "any")] });
    await run.decide("dan", "returned");
    expect(await run.at()).toBe("request");
    await run.request();
    expect(await run.asked()).toBe("dee, dan, dot");
  });

  it("the amounts' table says who: levels in one cell, or a row each; the strictest of what it collects", async () => {
    const table = (rules: unknown[], more: object = {}) => ({
      decisionTables: {
        who: { hitPolicy: "first", inputs: ["lead.fit_score"], outputs: ["approvers"], rules, ...more } as never,
      },
    });
    const cells = [
      { when: ["> 90"], then: ["manager > 2 of *director > @boss"] },
      { when: ["> 50"], then: ["manager > director, finance"] },
      { when: ["-"], then: ["manager"] },
    ];
    const big = await asking({ matrix: "who" }, table(cells), { fit_score: 95 });
    expect(await big.facts("ApprovalPlanned")).toMatchObject([
      {
        requester: "lan",
        matrix: "who",
        levels: [
          { ask: ["manager"], needs: "all" },
          { ask: ["*director"], needs: 2 },
          { ask: ["@boss"], needs: "all" },
        ],
      },
    ]);
    expect(await big.facts("DecisionMade")).toMatchObject([
      { table: "who", rules: [0], inputs: { "lead.fit_score": 95 } },
    ]);
    const small = await asking({ matrix: "who" }, table(cells), { fit_score: 10 });
    await small.decide("mai", "approved");
    expect(await small.at()).toBe("won");
    const rows = [
      { when: ["> 10"], then: ["director", 2] },
      { when: ["> 5"], then: ["manager", 1] },
      { when: ["> 50"], then: ["finance", 2] },
    ];
    const collect = { hitPolicy: "collect", outputs: ["approvers", "level"] };
    const each = await asking({ matrix: "who" }, table(rows, collect), { fit_score: 95 });
    await each.decide("mai", "approved");
    expect(await each.asked()).toBe("dee, fin");
  });

  it("a table that names nobody approves nothing: the default level is asked, and without one it is an incident", async () => {
    const tables = {
      decisionTables: {
        who: {
          hitPolicy: "first",
          inputs: ["lead.fit_score"],
          outputs: ["approvers"],
          rules: [{ when: ["> 50"], then: ["none"] }],
        } as never,
      },
    };
    const fallen = await asking({ matrix: "who", whenNobody: level(["@boss"]) }, tables, { fit_score: 95 });
    expect(await fallen.asked()).toBe("boss");
    const stuck = await asking({ matrix: "who" }, tables, { fit_score: 95 });
    expect(await stuck.at()).toContain("okay (failed); NO_APPROVER at okay");
    expect(await stuck.asked()).toBe("");
  });

  it("nobody approves their own request, neither in person nor in somebody's place", async () => {
    const stage = await theStage();
    const mine = await ask(stage, { levels: [level(["*director"])] });
    // dan makes this request himself.
    const [item] = Object.values((await mine.run()).work);
    await stage.send(
      { type: "assignWork", runId: mine.runId, work: item!.id, how: { kind: "hand_over", to: "dan" } },
      "lan",
    );
    await mine.request("dan");
    expect(await mine.asked()).toBe("dee, dot");
    await stage.delegate("dee", "dan", stage.now(), stage.now() + hour);
    const other = await ask(stage, { levels: [level(["@dee"])] });
    const [again] = Object.values((await other.run()).work);
    await stage.send(
      { type: "assignWork", runId: other.runId, work: again!.id, how: { kind: "hand_over", to: "dan" } },
      "lan",
    );
    await other.request("dan");
    expect(await other.asked()).toBe("boss");
    const given = await mine.send(
      { type: "assignWork", work: (await mine.workOf("dot"))!.id, how: { kind: "hand_over", to: "dan" } },
      "dot",
    );
    expect(given).toMatchObject({ ok: false, code: "NOT_ALLOWED" });
    await stage.advance(2 * hour);
  });

  it("a delegate decides for the other, at once and later, and the log names both", async () => {
    const stage = await theStage();
    const run = await asking({ levels: [level(["@fin"])] });
    await stage.delegate("fin", "mai", stage.now() + hour, stage.now() + 5 * hour);
    await stage.engine.worker.drain();
    expect(await run.asked()).toBe("fin");
    await stage.advance(hour);
    expect(await run.asked()).toBe("mai for fin");
    const fresh = await asking({ levels: [level(["@fin"])] });
    expect(await fresh.asked()).toBe("mai for fin");
    await fresh.decide("mai", "approved");
    expect(await fresh.facts("ApprovalDecided")).toMatchObject([{ by: "mai", for: "fin", decision: "approved" }]);
    await stage.advance(5 * hour);
    const after = await asking({ levels: [level(["@fin"])] });
    expect(await after.asked()).toBe("fin");
  });

  it("who is away is stood in for by their backup, who leaves by somebody else; nobody sits twice at a level", async () => {
    const stage = await theStage();
    await stage.away("fin", stage.now(), stage.now() + hour);
    const run = await asking({ levels: [level(["finance", "@fay"], 1)] });
    // Her own seat goes to the owner of the process, where there is one who may.
    expect(["fay for fin", "fay for fin, linh"]).toContain(await run.asked());
    await stage.advance(2 * hour);
    const gone = await asking({ levels: [level(["@dot"])] });
    await stage.leaves("dot");
    await stage.engine.worker.drain();
    expect(await gone.asked()).toBe("boss");
    await stage.returns("dot");
  });

  it("one approver can be changed for another, but not for one of the same level", async () => {
    const run = await asking({ levels: [level(["@dee", "finance"])] });
    const work = (await run.workOf("dee"))!.id;
    const hand = (to: string) =>
      run.send({ type: "assignWork", work, how: { kind: "hand_over", to, note: "on leave" } }, "mai");
    expect(await hand("fin")).toMatchObject({ ok: false, code: "NOT_ALLOWED" });
    expect(await hand("dan")).toMatchObject(ok);
    expect(await run.asked()).toBe("dan, fin");
    expect(
      await run.send(
        { type: "completeWork", work, outcome: "approved", values: { "run.decision": "approved" } },
        "dee",
      ),
    ).toMatchObject({
      ok: false,
      code: "NOT_ALLOWED",
    });
  });

  it("the requester takes the request back; others may not", async () => {
    const run = await asking({ levels: [level(["*director"])] });
    const token = Object.keys((await run.run()).tokens)[0];
    expect(await run.send({ type: "withdrawApproval", token }, "dee")).toMatchObject({
      ok: false,
      code: "NOT_ALLOWED",
    });
    expect(await run.send({ type: "withdrawApproval", token, reason: "wrong price" }, "lan")).toMatchObject(ok);
    expect(await run.at()).toBe("request");
    expect(await run.facts("ApprovalWithdrawn")).toMatchObject([{ by: "lan", reason: "wrong price" }]);
    const ended = await asking({ levels: [level(["manager"])], withdraw: "cancel" });
    const open = Object.keys((await ended.run()).tokens)[0];
    await ended.send({ type: "withdrawApproval", token: open }, "lan");
    expect((await ended.run()).status).toBe("cancelled");
  });

  it("comments and reasons are asked for where the step says so", async () => {
    const run = await asking({ levels: [level(["manager"])], comment: ["rejected"], reasons: ["price", "terms"] });
    expect(await run.decide("mai", "rejected")).toMatchObject({ ok: false, code: "MISSING_FIELDS" });
    expect(await run.decide("mai", "rejected", { comment: "too cheap" })).toMatchObject({
      ok: false,
      code: "MISSING_FIELDS",
    });
    expect(await run.decide("mai", "rejected", { comment: "too cheap", reason: "mood" })).toMatchObject({
      ok: false,
      code: "INVALID",
    });
    expect(await run.decide("mai", "rejected", { comment: "too cheap", reason: "price" })).toMatchObject(ok);
    expect(await run.facts("ApprovalDecided")).toMatchObject([{ comment: "too cheap", reason: "price" }]);
  });

  it("time reminds, passes on, rejects or returns, and never approves", async () => {
    const stage = await theStage();
    const limit = (how: string) => ({ levels: [level(["manager"])], timeout: { after: "PT4H", do: how } });
    const reminded = await asking(limit("remind"));
    const passed = await asking(limit("escalate"));
    const rejected = await asking(limit("reject"));
    const returned = await asking(limit("return"));
    await stage.advance(5 * hour);
    expect(await reminded.asked()).toBe("mai");
    expect(await passed.asked()).toBe("boss");
    expect(await rejected.at()).toBe("lost");
    expect(await returned.at()).toBe("request");
    expect(await rejected.facts("ApprovalSettled")).toMatchObject([{ decision: "rejected", why: "timeout" }]);
    await expect(asking(limit("approve"))).rejects.toThrow("A timeout never approves");
  });

  it("of two who decide on one seat one wins; a person decides once at a level", async () => {
    const run = await asking({ levels: [level(["*director"], 2)] });
    const { id: work } = (await run.workOf("dee"))!;
    const vote = (by: string) =>
      run.send({ type: "completeWork", work, outcome: "approved", values: { "run.decision": "approved" } }, by);
    expect(await vote("dan")).toMatchObject({ ok: false, code: "NOT_ALLOWED" });
    expect(await vote("dee")).toMatchObject(ok);
    expect(await vote("dee")).toMatchObject({ ok: false, code: "CONFLICT" });
    expect(await run.at()).toBe("okay");
  });

  it("too few people for a level is an incident, and a retry goes on from that level", async () => {
    const stage = await theStage();
    await stage.leaves("mai");
    const run = await asking({ levels: [level(["@dee"]), level(["manager", "finance", "@linh"])] });
    await run.decide("dee", "approved");
    expect(await run.at()).toContain("okay (failed); NO_APPROVER at okay");
    await stage.returns("mai");
    await run.send({ type: "retryIncident", incident: "i1" }, "boss");
    expect(await run.asked()).toBe("mai, fin, linh");
    expect((await run.facts("ApprovalPlanned")).length).toBe(1);
  });
}
