/** What keeps an approval from being opened, decided or taken back, in the words of who is told; and what time does to one. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Effect } from "@/server/engine/events.ts";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { type BarePerson, barePerson } from "@/tests/support/bare-world.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const hour = 3_600_000;
let people: BarePerson[];
let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  people = [
    barePerson("lan", { roles: ["ae"], managerId: "mai" }),
    barePerson("mai", { roles: ["manager"], managerId: "boss" }),
    barePerson("dee", { roles: ["director"], managerId: "boss" }),
    barePerson("dan", { roles: ["director"] }),
    barePerson("boss", { roles: ["executive"] }),
  ];
  bench = openBareBench(Date.UTC(2026, 2, 2, 9), people);
});
const roles = { ae: { name: "AE" }, manager: { name: "M" }, director: { name: "D" }, executive: { name: "E" } };
type More = NonNullable<Parameters<typeof playOn>[3]>;

/** lan asks, then this approval; with exits for each decision. */
async function asking(config: object, { okay, ...more }: More & { okay?: object } = {}, values: Values = {}) {
  const run = await playOn(
    { ...bench, publish: (document) => bench.publish(document, { asItIs: true }) },
    `says${++played}`,
    `ask:task
     okay:approval
     start -> ask -> okay
     okay.approved -> won
     okay.rejected -> lost
     okay.returned -> again
     okay.withdrawn -> gone`,
    {
      roles,
      forms: { say: { title: "Say", fields: [{ field: "run.decision", required: true }] } },
      variables: {
        decision: { type: "picklist", values: ["none", "approved", "rejected", "returned"], default: "none" },
      },
      nodes: { okay: { role: "manager", form: "say", ...okay, config: { exits: "decision", ...config } } },
      ...more,
    },
    { owner_id: "lan", ...values },
  );
  await bench.send({ type: "completeWork", runId: run.runId, work: "w1", outcome: null, values: {} }, "lan");
  await bench.engine.worker.drain();
  const open = async () => Object.values((await run.run()).work);
  return {
    ...run,
    open,
    asked: async () =>
      (await open())
        .map(({ assignee, for: place }) => (place ? `${assignee} for ${place}` : (assignee ?? "queue")))
        .join(", "),
    decide: async (member: string | undefined, decision: string, says: object = {}, of = member) => {
      const item = (await open()).find(({ assignee }) => assignee === of) ?? (await open())[0]!;
      const answer = await bench.send(
        {
          type: "completeWork",
          runId: run.runId,
          work: item.id,
          outcome: decision,
          values: { "run.decision": decision },
          ...says,
        },
        member,
      );
      return answer.ok ? run.at() : answer.text;
    },
    withdraw: async (member: string | undefined, more: object = {}) => {
      const [token = "t1"] = Object.keys((await run.run()).tokens);
      const answer = await bench.send({ type: "withdrawApproval", runId: run.runId, token, ...more }, member);
      return answer.ok ? run.at() : answer.text;
    },
    notices: async () =>
      ((await bench.factsOf(run.runId)) as { type: string; data: { effect: Effect } }[]).flatMap(({ type, data }) =>
        type === "EffectRequested" && data.effect.kind === "notice"
          ? [`${data.effect.to}: ${data.effect.text} (${data.effect.urgency}, ${data.effect.link.split("/")[1]})`]
          : [],
      ),
  };
}
const level = (...ask: string[]) => ({ ask });

describe("an approval that cannot be opened is an incident, and approves nothing", () => {
  const at = async (...given: Parameters<typeof asking>) => (await asking(...given)).at();
  const matrix = (then: unknown[], outputs = ["approvers"]) => ({
    decisionTables: {
      who: { hitPolicy: "first", inputs: ["lead.fit_score"], outputs, rules: [{ when: ["> 50"], then }] },
    },
  });
  it("it asks for a role that is none, of its own or in a table's answer", async () => {
    const said = "okay (failed); APPROVERS_UNKNOWN at okay: “okay” asks";
    expect(await at({ levels: [level("manager"), level("*chiefs")] })).toBe(
      `${said} *chiefs, which is no role of this process. Correct it, then retry.`,
    );
    expect(await at({ matrix: "who" }, matrix(["chief"]), { fit_score: 60 })).toBe(
      `${said} chief, which is no role of this process. Correct it, then retry.`,
    );
  });
  it("its table is missing, gives no answer, or nobody", async () => {
    expect(await at({ matrix: "who" })).toBe(
      "okay (failed); APPROVERS_UNKNOWN at okay: The table who of “okay” is missing.",
    );
    expect(
      await at(
        { matrix: "who" },
        {
          decisionTables: {
            who: {
              hitPolicy: "unique",
              inputs: ["lead.fit_score"],
              outputs: ["approvers"],
              rules: [
                { when: ["> 5"], then: ["manager"] },
                { when: ["> 7"], then: ["director"] },
              ],
            },
          },
        },
        { fit_score: 60 },
      ),
    ).toMatch(
      /^okay \(failed\); MATRIX_FAILED at okay: The table that says who approves “okay” gave no usable answer: /,
    );
    expect(await at({ matrix: "who" }, matrix(["manager"]), { fit_score: 10 })).toBe(
      "okay (failed); NO_APPROVER at okay: The table says that nobody approves “okay” here. Nothing was approved; add a rule or a default level, then retry.",
    );
    expect(
      await (
        await asking({ matrix: "who", whenNobody: level("@boss") }, matrix(["manager"]), { fit_score: 10 })
      ).asked(),
    ).toBe("boss");
  });
  it("levels that are drawn stand before those of its table; an answer that is a list gives each of them", async () => {
    const run = await asking({ levels: [level("@boss")], matrix: "who" }, matrix(["manager > 2 of *director"]), {
      fit_score: 60,
    });
    expect(await run.asked()).toBe("boss");
    await run.decide("boss", "approved");
    expect(await run.asked()).toBe("mai");
    await run.decide("mai", "approved");
    expect(await run.asked()).toBe("dee, dan");
  });
  it("nobody is there who did not ask for it, or too few are; named later, a retry opens it", async () => {
    const alone =
      "NO_APPROVER at okay: “okay” needs somebody to approve who did not ask for it, and nobody is there. Nothing was approved; name others, then retry.";
    for (const one of people) if (one.id !== "lan" && one.id !== "dan") one.active = false;
    const run = await asking({ levels: [level("@lan"), level("*director")] });
    expect(await run.at()).toBe(`okay (failed); ${alone}`);
    people.find(({ id }) => id === "mai")!.active = true;
    await run.retry();
    expect(await run.asked()).toBe("mai");
    await run.decide("mai", "approved");
    expect(await run.asked()).toBe("dan");
    const few = await asking({ levels: [{ ask: ["*director"], needs: 2 }] });
    expect(await few.asked()).toBe("dan");
    const both = await asking({ levels: [{ ask: ["director", "@dan"], needs: "all" }] });
    expect(await both.at()).toBe(
      "okay (failed); NO_APPROVER at okay: “okay” needs 2 different people to approve who did not ask for it, and too few are there. Nothing was approved; name others, then retry.",
    );
  });
});

describe("a decision that is refused", () => {
  it("is not a person's, is somebody else's, or one's own request", async () => {
    const run = await asking({ levels: [level("@mai", "@dee")] });
    expect(await run.decide(undefined, "approved")).toBe("An approval is decided by a person. Nothing was decided.");
    expect(await run.decide("boss", "approved", {}, "mai")).toBe(
      "This decision is mai's. Nothing was decided; hand it over first.",
    );
    expect(await run.decide("lan", "approved", {}, "mai")).toBe(
      "Nobody approves their own request. Nothing was changed; choose somebody else.",
    );
    expect(await run.decide("dee", "approved", {}, "mai")).toBe(
      "This person decides at this level already. Nothing was changed; choose somebody else.",
    );
    expect(await run.asked()).toBe("mai, dee");
  });
  it("of one approver alone: by who asked for it, unless it was given to them", async () => {
    const run = await asking({});
    expect(await run.decide("lan", "approved", {}, "mai")).toBe(
      "Nobody approves their own request. It stays with its approver.",
    );
    expect(await run.decide("dee", "approved", {}, "mai")).toBe("won");
    const owner = await asking({}, {}, { owner_id: "dee" });
    expect(await owner.decide("dee", "approved", {}, "mai")).toBe(
      "Nobody approves their own request. It stays with its approver.",
    );
    expect(await (await asking({ selfApproval: "allow" })).decide("lan", "approved", {}, "mai")).toBe("won");
  });
  it("lacks the comment or the reason that is asked for, or has one that is none", async () => {
    for (const levels of [{}, { levels: [level("@mai")] }]) {
      const run = await asking({ ...levels, comment: ["rejected"], reasons: ["price", "terms"] });
      expect(await run.decide("mai", "rejected", { comment: "  " })).toBe(
        "Say why in the comment. Nothing was decided yet.",
      );
      expect(await run.decide("mai", "rejected", { comment: "no" })).toBe("Choose a reason. Nothing was decided yet.");
      expect(await run.decide("mai", "returned")).toBe("Choose a reason. Nothing was decided yet.");
      expect(await run.decide("mai", "rejected", { comment: "no", reason: "mood" })).toBe(
        "That reason is not one of this step's reasons. Nothing was saved.",
      );
      expect(await run.decide("mai", "rejected", { comment: " no ", reason: "price" })).toBe("lost");
      const decided = (await bench.factsOf(run.runId)).find(({ type }) => type === "ApprovalDecided");
      expect(decided?.data).toMatchObject({ by: "mai", decision: "rejected", comment: "no", reason: "price" });
    }
    expect(await (await asking({ reasons: ["price"] })).decide("mai", "approved")).toBe("won");
  });
});

describe("a request that is taken back", () => {
  it("by who made it or whose record it is, or by somebody with the right to", async () => {
    const said = "Only who made this request can take it back. Nothing was changed.";
    const run = await asking({ levels: [level("@mai")] }, {}, { owner_id: "dee" });
    expect([await run.withdraw("mai"), await run.withdraw(undefined, { forced: true })]).toEqual([said, said]);
    expect(await run.withdraw("dee")).toBe("again");
    expect(await (await asking({}, {}, { owner_id: "dee" })).withdraw("lan")).toBe("again");
    expect(await (await asking({})).withdraw("boss", { forced: true })).toBe("again");
  });
  it("leaves as the step says: returned, by its own exit, with the run, or not at all", async () => {
    const back = async (withdraw: string | undefined, exits = "decision") =>
      (await asking({ exits, ...(withdraw && { withdraw }) })).withdraw("lan");
    expect(await back("returned")).toBe("again");
    expect(await back("withdrawn")).toBe("gone");
    expect(await back("forbid")).toBe("This request cannot be taken back once it is made. Nothing was changed.");
    expect(await back("forbid", "done")).toBe(
      "This request cannot be taken back once it is made. Nothing was changed.",
    );
    for (const given of ["cancel", "withdrawn", "returned", undefined]) {
      const run = await asking({ exits: "done", ...(given && { withdraw: given }) });
      await run.withdraw("lan");
      expect((await run.run()).status).toBe("cancelled");
      expect((await bench.factsOf(run.runId)).find(({ type }) => type === "RunCancelled")?.data).toEqual({
        reason: "The request was taken back.",
      });
    }
    const why = await asking({ withdraw: "cancel" });
    await why.withdraw("lan", { reason: " wrong price " });
    expect((await bench.factsOf(why.runId)).find(({ type }) => type === "RunCancelled")?.data).toEqual({
      reason: "wrong price",
    });
  });
  it("not once it is decided, nor while the run is suspended", async () => {
    const run = await asking({});
    await bench.send({ type: "suspendRun", runId: run.runId, reason: "audit" }, "boss");
    expect(await run.withdraw("lan")).toBe("This run is suspended. Nothing was changed; ask the process owner.");
    await bench.send({ type: "resumeRun", runId: run.runId }, "boss");
    const ask = await playOn(bench, `says${++played}`, "ask:task\nstart -> ask -> done");
    expect(await bench.send({ type: "withdrawApproval", runId: ask.runId, token: "t1" }, "lan")).toMatchObject({
      text: "This request has been decided in the meantime. Nothing was changed.",
    });
  });
});

describe("time that passes without a decision", () => {
  const late = (action: object) => ({ levels: [level("@mai", "@dan")], timeout: { after: "PT2H", ...action } });
  it("reminds whoever is asked, again and again", async () => {
    const run = await asking(late({ do: "remind" }));
    await run.decide("dan", "approved");
    await run.wait(5 * hour);
    expect(await run.notices()).toEqual(
      Array.from({ length: 2 }, () => "mai: This approval is still waiting for you. (warn, inbox)"),
    );
    expect(await run.asked()).toBe("mai");
  });
  it("one that would approve by time reminds only", async () => {
    const run = await asking(late({ do: "approve" }));
    await run.wait(3 * hour);
    expect([await run.asked(), (await run.notices()).length]).toEqual(["mai, dan", 2]);
  });
  it("goes to each approver's manager, or to whom it says; where there is nobody, they are told", async () => {
    const run = await asking(late({ do: "escalate" }));
    await run.wait(2 * hour);
    expect([await run.asked(), await run.notices()]).toEqual([
      "boss, dan",
      ["dan: This approval is late, and there is nobody to pass it on to. (warn, inbox)"],
    ]);
    const named = await asking({
      levels: [level("@mai")],
      timeout: { after: "PT2H", do: "escalate", to: "*director" },
    });
    await named.wait(3 * hour);
    expect(await named.asked()).toBe("dee");
    await named.wait(2 * hour);
    expect(await named.asked()).toBe("dan");
  });
  it("is rejected or returned, and the form's decision says so", async () => {
    for (const [action, end, decision] of [
      ["reject", "lost", "rejected"],
      ["return", "again", "returned"],
    ] as const) {
      const run = await asking(late({ do: action }));
      await run.wait(2 * hour);
      expect([await run.at(), (await run.run()).variables.decision]).toEqual([end, decision]);
      expect(await run.asked()).toBe("");
    }
    const plain = await asking({ timeout: { after: "PT2H", do: "reject" } });
    await plain.wait(2 * hour);
    expect(await plain.at()).toBe("lost");
  });
  it("is not a time that cannot be read", async () => {
    const run = await asking(late({ after: "soon", do: "reject" }));
    await run.wait(99 * hour);
    expect(await run.asked()).toBe("mai, dan");
  });
});

describe("seats", () => {
  it("that lie in a queue need somebody in it who does not sit at the level already", async () => {
    const pull = {
      queues: { pool: { name: "Pool", role: "director", strategy: "pull" } },
      roles: { ...roles, director: { name: "D", queue: "pool" } },
    };
    const run = await asking({ levels: [{ ask: ["director", "director"], needs: 2 }] }, pull);
    expect(await run.asked()).toBe("queue, queue");
    const many = await asking({ levels: [{ ask: ["director", "director", "@dan"], needs: 3 }] }, pull);
    expect(await many.at()).toMatch(/NO_APPROVER at okay: “okay” needs 3 different people/);
  });
  it("a deadline gives each of them to somebody else whom it asks: of its role, in a person's stead, or of the role that is named", async () => {
    const deadline = (action: object) => ({
      okay: { slas: ["p"] },
      slas: { p: { name: "P", target: "PT1H", onBreach: [{ verb: "reassign", ...action }] } },
    });
    const run = await asking({ levels: [level("director", "@mai")] }, deadline({}));
    expect(await run.asked()).toBe("dee, mai");
    await run.wait(2 * hour);
    expect(await run.asked()).toBe("dan, boss");
    const named = await asking({ levels: [level("director")] }, deadline({ role: "executive" }));
    await named.wait(2 * hour);
    expect(await named.asked()).toBe("boss");
  });
  it("of somebody who leaves while nobody can take the place: the owner of the process is told", async () => {
    const run = await asking({ levels: [level("@dan")] });
    for (const one of people) if (one.id !== "lan") one.active = false;
    await bench.send({ type: "reviewApprovers", runId: run.runId, gone: "dan" });
    expect([await run.asked(), await run.notices()]).toEqual([
      "dan",
      ["lan: An approver has left, and nobody can take their place here. Hand the approval over. (breach, records)"],
    ]);
  });
});

describe("an approval beside other work", () => {
  const beside = async (config: object) => {
    const run = await playOn(
      bench,
      `says${++played}`,
      `split:parallel
       okay:approval
       other:task
       start -> split -> okay
       okay.approved -> won
       okay.rejected -> lost
       okay.returned -> again
       split -> other -> done`,
      {
        roles,
        nodes: {
          okay: {
            role: "manager",
            config: { exits: "decision", levels: [level("@mai", "@dee")], selfApproval: "allow", ...config },
          },
          other: { role: "executive" },
        },
      },
      { owner_id: "lan" },
    );
    const cancelled = async () =>
      (await bench.factsOf(run.runId)).flatMap(({ type, data }) =>
        type === "WorkCancelled" ? [(data as { reason: string }).reason] : [],
      );
    const open = async () => Object.values((await run.run()).work).map(({ node, assignee }) => `${node} ${assignee}`);
    const vote = async (member: string, outcome: string) => {
      const item = Object.values((await run.run()).work).find(({ assignee }) => assignee === member)!;
      return bench.send({ type: "completeWork", runId: run.runId, work: item.id, outcome, values: {} }, member);
    };
    return { ...run, cancelled, open, vote };
  };
  it("ends its own seats and nobody else's, for the reason it ends", async () => {
    const voted = await beside({});
    expect(await voted.open()).toEqual(["okay mai", "okay dee", "other boss"]);
    await voted.vote("dee", "rejected");
    expect([await voted.open(), await voted.cancelled()]).toEqual([
      ["other boss"],
      ["the decision is certain without it"],
    ]);
    const late = await beside({ timeout: { after: "PT1H", do: "reject" } });
    await late.wait(hour);
    expect([await late.open(), await late.cancelled()]).toEqual([
      ["other boss"],
      Array.from({ length: 2 }, () => "the time limit has passed"),
    ]);
    const back = await beside({});
    const token = (await back.token("okay")).id;
    expect(await bench.send({ type: "withdrawApproval", runId: back.runId, token }, "lan")).toEqual({ ok: true });
    expect([await back.open(), await back.cancelled()]).toEqual([
      ["other boss"],
      Array.from({ length: 2 }, () => "the request was taken back"),
    ]);
  });
  it("reminds, passes on and reviews its own seats and nobody else's", async () => {
    const passed = await beside({ timeout: { after: "PT1H", do: "escalate", to: "@dan" } });
    await passed.wait(hour);
    // Nobody sits twice: the second seat goes to who takes over for dan, the owner of the process.
    expect(await passed.open()).toEqual(["okay dan", "okay lan", "other boss"]);
    people.find(({ id }) => id === "boss")!.active = false;
    await bench.send({ type: "reviewApprovers", runId: passed.runId, gone: "boss" });
    expect(await passed.open()).toEqual(["okay dan", "okay lan", "other boss"]);
  });
  it("what a decision lacks comes with the field it is missing in", async () => {
    const run = await beside({ comment: ["rejected"], reasons: ["price"] });
    const why = "Say why in the comment. Nothing was decided yet.";
    expect(await run.vote("mai", "rejected")).toMatchObject({
      code: "MISSING_FIELDS",
      details: { fields: [{ field: "comment", text: why }] },
    });
    const reason = "Choose a reason. Nothing was decided yet.";
    expect(await run.vote("mai", "returned")).toMatchObject({
      code: "MISSING_FIELDS",
      details: { fields: [{ field: "reason", text: reason }] },
    });
    const { id: work } = Object.values((await run.run()).work)[0]!;
    expect(
      await bench.send(
        { type: "completeWork", runId: run.runId, work, outcome: "approved", values: {}, reason: "mood" },
        "mai",
      ),
    ).toMatchObject({ code: "INVALID", details: { field: "reason" } });
  });
});
