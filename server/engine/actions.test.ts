/** What the system does at a step, told by what it asks of others; and what it cannot do, told by the sentence somebody reads. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Effect } from "@/server/engine/events.ts";
import type { Values } from "@/server/engine/model.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { barePerson } from "@/tests/support/bare-world.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const hour = 3_600_000;
const people = [
  barePerson("lan", { roles: ["ae"] }),
  barePerson("tom", { roles: ["ae"] }),
  barePerson("mai", { roles: ["manager"] }),
];
let bench: ReturnType<typeof openBareBench>;
let played = 0;
beforeEach(() => {
  bench = openBareBench(Date.UTC(2026, 2, 2, 9), people);
});
type More = Parameters<typeof playOn>[3];

/** One automation with these actions, before a task. As an older release may have published it: unchecked. */
const act = (actions: object[], more: More = {}, values: Values = {}) =>
  playOn(
    { ...bench, publish: (document) => bench.publish(document, { asItIs: true }) },
    `acts${++played}`,
    `go:automation
     next:task
     start -> go -> next -> done`,
    { ...more, nodes: { go: { actions }, ...more?.nodes } },
    values,
  );
const asked = async (runId: string) =>
  ((await bench.factsOf(runId)) as { type: string; data: { effect: Effect } }[]).flatMap(({ type, data }) =>
    type === "EffectRequested" && data.effect.kind !== "record_changed" ? [data.effect] : [],
  );

const hop = () => [{ name: "go", node: "go", process: `acts${played}` }];

describe("an action that cannot be done stops its token with a sentence", () => {
  it.each([
    [
      { verb: "set", field: "lead.phone", value: '"1"', when: "lead.phone = " },
      "BROKEN_EXPRESSION at go: The condition “lead.phone = ” cannot be read.",
    ],
    [
      { verb: "set", field: "lead.phone", value: '"1' },
      'BROKEN_EXPRESSION at go: The value “"1” of lead.phone cannot be read.',
    ],
    [
      { verb: "set", field: "lead.fit_score", value: '"much"' },
      "VALUE_REFUSED at go: Fit score cannot hold this result. What came is the text “much”.",
    ],
    [{ verb: "set", field: "run.none", value: "1" }, "VALUE_REFUSED at go: The process has no variable none."],
    [
      { verb: "set", field: "lead.phone", value: '"+84901234567"', until: "lead.next_meeting_at" },
      "NO_DATE at go: The date “lead.next_meeting_at” until which lead.phone is set is empty.",
    ],
    [{ verb: "throw", code: "declined", text: "The card was declined." }, "declined at go: The card was declined."],
    [{ verb: "throw", code: "declined" }, "declined at go: “go” threw the error declined."],
    [
      { verb: "link", field: "lead.matched_account_id", to: "account" },
      "NO_RECORD at go: There is no account to link.",
    ],
    [{ verb: "create", type: "spaceship" }, "UNKNOWN_TYPE at go: There is no record type spaceship."],
    [
      { verb: "create", type: "account", with: { name: "1 +" } },
      "BROKEN_EXPRESSION at go: The value “1 +” of name cannot be read.",
    ],
    [
      { verb: "create", type: "account", with: { employee_count: '"many"' } },
      "VALUE_REFUSED at go: Employees cannot hold this result. What came is the text “many”.",
    ],
    [{ verb: "create", type: "account", into: "run.none" }, "VALUE_REFUSED at go: The process has no variable none."],
    [
      { verb: "start_process", process: "nowhere" },
      "NO_LIVE_VERSION at go: The process nowhere has no published version yet. Publish it, then retry.",
    ],
    [{ verb: "assign", field: "run.none", role: "ae" }, "VALUE_REFUSED at go: The process has no variable none."],
  ])("%j", async (action, said) => {
    expect(await (await act([action])).at()).toBe(`go (failed); ${said}`);
  });

  it("where nobody can be given it, nobody is chosen in silence", async () => {
    bench = openBareBench(undefined, [barePerson("lan", { active: false }), barePerson("tom", { active: false })]);
    const run = await act([{ verb: "assign", role: "ae" }]);
    expect(await run.at()).toBe(
      "go (failed); NOBODY at go: Nobody can take this: ae has no available member, no fallback and the process has no owner.",
    );
  });

  it("a condition that is false or null passes it over", async () => {
    const throws = (when: string) => ({ verb: "throw", code: "x", when });
    expect(await (await act([throws("lead.fit_score > 5"), throws("false")])).at()).toBe("next");
  });
});

describe("what is asked of others", () => {
  it("notices: to the assignee, the owner or a role, with the page of the task or of the record", async () => {
    const run = await act([
      { verb: "notify", to: "owner", text: "Hello" },
      { verb: "notify", to: "ae" },
      { verb: "log", text: "Noted" },
    ]);
    const notice = (to: string, text: string) => ({
      kind: "notice",
      to,
      title: "go",
      text,
      urgency: "info",
      link: `/records/${run.id}`,
    });
    expect(await asked(run.runId)).toEqual([
      notice("lan", "Hello"),
      notice("lan", ""),
      notice("tom", ""),
      notice("lan", "Noted"),
    ]);
  });

  it("an escalation is urgent, and puts the task further up", async () => {
    const run = await playOn(
      bench,
      "urgent",
      `ask:task
       start -> ask -> done`,
      {
        slas: {
          p: {
            name: "P",
            target: "PT1H",
            onBreach: [
              { verb: "escalate", to: "manager", text: "Late" },
              { verb: "escalate", to: "assignee" },
            ],
          },
        },
        nodes: { ask: { slas: ["p"] } },
      },
    );
    await run.wait(2 * hour);
    const link = `/inbox/${run.runId}.w1`;
    expect(await asked(run.runId)).toEqual([
      { kind: "notice", to: "mai", title: "ask", text: "Late", urgency: "breach", link },
      { kind: "notice", to: "lan", title: "ask", text: "", urgency: "breach", link },
    ]);
    expect((await run.run()).work.w1?.priority).toBe(2);
  });

  it("mail: to the record's own address, or to whom it says; of an approval with the page where it is decided", async () => {
    const run = await act(
      [
        { verb: "send_template", template: "hello" },
        { verb: "send_template", template: "hello", to: "ae" },
      ],
      {},
      { email: "vu@firm.com" },
    );
    const mail = (to: string) => ({ kind: "mail", to, template: "hello", values: { title: run.name }, node: "go" });
    expect(await asked(run.runId)).toEqual([mail("vu@firm.com"), mail("lan,tom")]);
    const asking = await playOn(
      bench,
      "mailed",
      `okay:approval
       start -> okay -> done`,
      {
        slas: {
          p: { name: "P", target: "PT1H", onBreach: [{ verb: "send_template", template: "late", to: "assignee" }] },
        },
        nodes: { okay: { slas: ["p"], role: "manager" } },
      },
    );
    await asking.wait(2 * hour);
    expect(await asked(asking.runId)).toMatchObject([
      { kind: "mail", to: "mai", template: "late", values: { page: `/decide/${asking.runId}.w1?of=11` }, node: "okay" },
    ]);
  });

  it("an event is told once in one go, however often it is asked for", async () => {
    const run = await act([
      { verb: "emit", event: "lead.recycled" },
      { verb: "emit", event: "lead.recycled" },
      { verb: "emit", event: "lead.converted" },
    ]);
    const told = (event: string) => ({ kind: "emit", event, recordType: "lead", recordId: run.id, chain: hop() });
    expect(await asked(run.runId)).toEqual([told("lead.recycled"), told("lead.converted")]);
  });

  it("another process: at once, later, or for a record that is made for it", async () => {
    const part = (key: string, recordType = "lead") => ({
      key,
      name: key,
      recordType,
      nodes: [
        { id: "start", kind: "start", name: "start", config: {} },
        { id: "done", kind: "end", name: "done", config: { outcome: "success" } },
      ],
      edges: [{ id: "e1", from: "start", to: "done" }],
    });
    for (const one of [part("sister"), part("selling", "opportunity")]) await bench.publish(one);
    const run = await act([
      { verb: "start_process", process: "sister", after: "PT3H" },
      { verb: "start_process", process: "selling" },
    ]);
    const made = (await run.run()).related.opportunity;
    expect(await asked(run.runId)).toEqual([
      {
        kind: "start_process",
        process: "sister",
        recordType: "lead",
        recordId: run.id,
        after: bench.now() + 3 * hour,
        chain: hop(),
      },
      { kind: "start_process", process: "selling", recordType: "opportunity", recordId: made, chain: hop() },
    ]);
    expect((await bench.runsOf(made!)).map(({ process }) => process)).toEqual(["selling"]);
  });
});

describe("what is set", () => {
  it("only where it was empty, if it says so", async () => {
    const set = (value: string) => ({ verb: "set", field: "lead.fit_score", value, ifEmpty: true });
    const run = await act([set("1"), set("2")]);
    expect(await bench.valuesOf(run.id)).toMatchObject({ fit_score: 1 });
  });

  it("for a while: what was there first comes back at the last date, unless somebody wrote something else", async () => {
    const set = (value: string, days: string) => ({
      verb: "set",
      field: "lead.fit_score",
      value,
      until: `today() + duration("${days}")`,
    });
    const run = await act([set("50", "P1D"), set("60", "P2D")], {}, { fit_score: 40 });
    const score = async () => (await bench.valuesOf(run.id)).fit_score;
    expect([await score(), Object.keys((await run.run()).timers).length]).toEqual([60, 1]);
    await run.wait(25 * hour);
    expect(await score()).toBe(60);
    await run.wait(24 * hour);
    expect(await score()).toBe(40);
    const other = await act([set("50", "P1D")], {}, { fit_score: 40 });
    await other.change({ fit_score: 70 });
    await other.wait(48 * hour);
    expect((await bench.valuesOf(other.id)).fit_score).toBe(70);
  });

  it("a variable of the run for a while, and it comes back with the run's end at the latest", async () => {
    const variables = { mood: { type: "text", default: "calm" } };
    const timed = [{ verb: "set", field: "run.mood", value: '"busy"', until: 'today() + duration("P1D")' }];
    const run = await act(timed, { variables });
    expect((await run.run()).variables.mood).toBe("busy");
    await run.done("next");
    expect((await run.run()).variables.mood).toBe("calm");
  });

  it("a reference: to a record of the run, or to nothing", async () => {
    const run = await act([
      { verb: "create", type: "account", with: { name: '"Lotus"' } },
      { verb: "link", field: "lead.matched_account_id" },
    ]);
    expect((await bench.valuesOf(run.id)).matched_account_id ?? null).toBeNull();
    const linked = await act([
      { verb: "create", type: "account", with: { name: '"Lotus"' } },
      { verb: "link", field: "lead.matched_account_id", to: "account" },
    ]);
    expect((await bench.valuesOf(linked.id)).matched_account_id).toBe((await linked.run()).made.account);
  });
});

describe("whom work is given to", () => {
  it("by the queue's role, by the role it names, else by the role of the next person's step", async () => {
    const owner = async (action: object, more: More = {}) => {
      const run = await act([{ verb: "assign", ...action }], more, { owner_id: null });
      return (await bench.valuesOf(run.id)).owner_id;
    };
    expect(await owner({ role: "manager" })).toBe("mai");
    expect(
      await owner({ queue: "bosses" }, { queues: { bosses: { name: "B", role: "manager", strategy: "round_robin" } } }),
    ).toBe("mai");
    expect(await owner({}, { nodes: { next: { role: "manager" } } })).toBe("mai");
    const run = await act([{ verb: "assign", role: "manager", field: "run.who" }], {
      variables: { who: { type: "text" } },
    });
    expect((await run.run()).variables.who).toBe("mai");
  });

  it("a deadline gives it to somebody else of the role, to its fallback, or leaves it where it is", async () => {
    const after = async (roles: object, role: string, action: object = {}) => {
      const run = await playOn(
        bench,
        `late${++played}`,
        `ask:task
         start -> ask -> done`,
        {
          roles,
          slas: { p: { name: "P", target: "PT1H", onBreach: [{ verb: "reassign", ...action }] } },
          nodes: { ask: { slas: ["p"], role } },
        },
      );
      const before = (await run.run()).work.w1?.assignee;
      await run.wait(2 * hour);
      return [before, (await run.run()).work.w1?.assignee];
    };
    const roles = { ae: { name: "AE" }, manager: { name: "Manager" } };
    expect(await after(roles, "ae")).toEqual(["lan", "tom"]);
    expect(await after(roles, "ae", { role: "manager" })).toEqual(["lan", "mai"]);
    expect(await after({ ...roles, manager: { name: "Manager", fallback: "ae" } }, "manager")).toEqual(["mai", "lan"]);
    // Nobody else, and no fallback: the owner of the process; without one it stays where it is.
    expect(await after(roles, "manager")).toEqual(["mai", "lan"]);
    bench = openBareBench(undefined, [barePerson("lan", { active: false }), people[2]!]);
    expect(await after(roles, "manager")).toEqual(["mai", "mai"]);
  });
});
