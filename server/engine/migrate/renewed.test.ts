/** What a run waits for after it was moved: kept where it waited for it before, begun where it is new, closed where it is gone. */
import { describe, expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { type BarePerson, barePerson } from "@/tests/support/bare-world.ts";
import { type Drawn, pairs, playThenPublish } from "@/tests/support/move-on.ts";

const hour = 3_600_000;
const bench = openBareBench();
let count = 0;
const play = (first: Drawn, second: Drawn, on = bench) => playThenPublish(on, `renewed_${++count}`, first, second);
type Played = Awaited<ReturnType<typeof play>>;
const waits = async (run: Played) => {
  const { tokens, timers, startedAt } = await run.run();
  return [
    ...Object.values(tokens).map(
      ({ node, events, keys, condition, armed }) =>
        `${node}: ${(events ?? []).map((event, i) => `${event}${keys?.[i] == null ? "" : ` for ${JSON.stringify(keys[i])}`}`).join(", ") || "-"}${condition ? ", condition" : ""}${armed ? `, ${JSON.stringify(armed)}` : ""}`,
    ),
    ...Object.values(timers).map(({ name, due }) => `${name} at ${(due - startedAt) / hour}h`),
  ];
};
const wait = (config: object): Drawn => ({
  text: `nap:wait\n start -> nap\n${ports(config)
    .map((port) => ` nap.${port} -> done`)
    .join("\n")}`,
  more: { nodes: { nap: { config } } },
});
const ports = (config: object): string[] =>
  "branches" in config
    ? (config.branches as { id: string }[]).map(({ id }) => id)
    : "event" in config || "condition" in config
      ? ["event"]
      : ["done"];
const first = (...branches: object[]) => wait({ for: "first", branches });

describe("a wait", () => {
  it("keeps the key of a message it waits for already, and reads that of a new one now", async () => {
    const signed = { id: "signed", for: "event", event: "signed", correlate: "lead.email" };
    const paid = { id: "paid", for: "event", event: "paid", correlate: "lead.company_name" };
    const run = await play(
      first(signed, { id: "time", for: "duration", duration: "PT5H" }),
      first(paid, { ...signed, correlate: "lead.phone" }),
    );
    const { email, company_name } = await bench.valuesOf(run.id);
    expect(await waits(run)).toEqual([`nap: signed for "${String(email)}"`, "time at 5h"]);
    await bench.change(run.id, { email: "new@sen.com" });
    expect(await run.move()).toEqual({ ok: true });
    expect(await waits(run)).toEqual([`nap: paid for "${String(company_name)}", signed for "${String(email)}"`]);
    await run.send("signed", {}, email);
    expect(await run.at()).toBe("done");
  });

  it("keeps the time it has for a branch of the same name, and begins one of another", async () => {
    const run = await play(
      first({ id: "a", for: "duration", duration: "PT5H" }, { id: "b", for: "duration", duration: "PT6H" }),
      first({ id: "a", for: "duration", duration: "PT50H" }, { id: "c", for: "duration", duration: "PT7H" }),
    );
    await run.wait(2 * hour);
    await run.move();
    expect(await waits(run)).toEqual(["nap: -", "a at 5h", "c at 9h"]);
    await run.wait(3 * hour);
    expect(await run.at()).toBe("done");
  });

  it("looks out for a condition that is new, and no more for one that is gone", async () => {
    const time = { id: "time", for: "duration", duration: "PT5H" };
    const vn = { id: "vn", for: "condition", condition: 'lead.country = "VN"' };
    const far = { id: "far", for: "duration", duration: "PT90H" };
    const run = await play(first(time, far), first(time, far, vn));
    await run.move();
    expect(await waits(run)).toEqual(["nap: -, condition", "time at 5h", "far at 90h"]);
    await run.change({ country: "VN" });
    expect(await run.at()).toBe("done");
    const back = await play(first(time, far, vn), first(time, far));
    await back.move();
    expect(await waits(back)).toEqual(["nap: -", "time at 5h", "far at 90h"]);
    await back.change({ country: "VN" });
    expect(await back.at()).toBe("nap");
  });

  it("for a date that is not there is refused, and nothing is moved", async () => {
    const [a, b] = ["a", "b"].map((id) => ({ id, for: "duration", duration: "PT5H" }));
    const run = await play(first(a!, b!), first(a!, { id: "day", for: "date", until: "lead.recycle_until" }));
    const before = await run.run();
    const refused = await run.move();
    expect(refused).toMatchObject({ ok: false, code: "UNSOUND" });
    expect(refused.ok || refused.text).toMatch(/^.+\. Nothing was moved\.$/);
    expect(await run.run()).toEqual(before);
  });

  it("takes a message that had come before anybody waited for it", async () => {
    const other = { id: "a", for: "event", event: "other" };
    const time = { id: "b", for: "duration", duration: "PT50H" };
    const run = await play(
      {
        text: "nap:wait\n later:wait for=event event=signed\n start -> nap\n nap.a -> later\n nap.b -> later\n later.event -> done",
        more: { nodes: { nap: { config: { for: "first", branches: [other, time] } } } },
      },
      first({ id: "c", for: "event", event: "signed" }, time),
    );
    await run.send("signed");
    expect(await run.at()).toBe("nap");
    expect(await run.move({ nodes: pairs("start nap done") })).toEqual({ ok: true });
    expect(await run.at()).toBe("done");
  });
});

describe("events at the edge", () => {
  const on = (events: object[], more: object = {}): Drawn => ({
    text: `call:task\n start -> call -> done\n${events.map((e) => ` call.${(e as { id: string }).id} -> out`).join("\n")}`,
    more: { nodes: { call: { boundary: events, ...more } } },
  });
  const timer = (id: string, after: string) => ({ id, kind: "timer", after });
  const message = (id: string) => ({ id, kind: "message", event: id });

  it("are closed, kept and begun by what they become", async () => {
    const run = await play(
      on([timer("late", "PT10H"), timer("gone", "PT20H"), message("stop"), message("halt")]),
      on([
        timer("late", "PT90H"),
        timer("fresh", "PT3H"),
        message("stop"),
        message("new"),
        { id: "hot", kind: "record_changed", when: 'lead.country = "VN"' },
      ]),
    );
    await run.wait(hour);
    expect(
      await run.move({
        boundaries: [
          { from: "call.gone", to: "call.late" },
          { from: "call.late", to: "call.fresh" },
        ],
      }),
    ).toEqual({ ok: true });
    expect((await waits(run)).slice(1)).toEqual(["boundary:fresh at 10h", "boundary:late at 20h"]);
    const { armed } = await run.token("call");
    expect(Object.keys(armed ?? {})).toEqual(["hot"]);
    expect(armed?.hot).toEqual({ holds: false });
    expect(await run.send("halt")).toMatchObject({ code: "INVALID" });
    await run.send("new");
    expect(await run.at()).toBe("out");
  });

  it("of a step in the middle of its actions begin too, and what it waits for stays", async () => {
    const http = { onComplete: [{ verb: "http", method: "POST", url: "https://a.example/1" }] };
    const run = await play(on([], http), on([message("stop"), timer("late", "PT3H")], http));
    const { work } = await run.run();
    await bench.send(
      { type: "completeWork", runId: run.runId, work: Object.keys(work)[0]!, outcome: null, values: {} },
      "lan",
    );
    const before = await run.token("call");
    expect(before).toMatchObject({ phase: "complete", effect: "e1" });
    expect(await run.move({ nodes: pairs("start call done") })).toEqual({ ok: true });
    const after = await run.token("call");
    expect(after).toMatchObject({ phase: "complete", effect: "e1" });
    expect(Object.keys(after.armed ?? {})).toContain("stop");
    expect(await waits(run)).toContain("boundary:late at 3h");
    await bench.engine.worker.drain();
    expect(await run.at()).toBe("done");
  });
});

describe("who has the work", () => {
  const team = [barePerson("an", { roles: ["ae", "manager"] }), barePerson("binh", { roles: ["ae", "manager"] })];
  const task = (role: string): Drawn => ({
    text: "call:task\n start -> call -> done",
    more: { nodes: { call: { role } } },
  });

  it("is found anew by the rule of the role there, only for the steps that were named", async () => {
    const own = openBareBench(undefined, team);
    const run = await play(task("ae"), task("manager"), own);
    const held = Object.values((await run.run()).work)[0]!;
    await own.change(run.id, { owner_id: "binh" });
    expect(await run.move()).toEqual({ ok: true });
    expect(Object.values((await run.run()).work)[0]).toMatchObject({ assignee: held.assignee, role: "ae" });
    const other = await play(task("ae"), task("manager"), own);
    await own.change(other.id, { owner_id: "binh" });
    expect(await other.move({ reassign: ["call"] })).toEqual({ ok: true });
    expect(Object.values((await other.run()).work)[0]).toMatchObject({ assignee: "binh", role: "manager" });
    expect((await other.only("WorkAssigned")).at(-1)).toMatchObject({
      data: { assignee: "binh", why: "rule", pick: { rule: "record_owner" } },
    });
    expect((await other.only("RunMigrated"))[0]).toMatchObject({ data: { work: { w1: { role: "manager" } } } });
  });

  describe("of an approval", () => {
    const board = (): BarePerson[] => [
      barePerson("an", { roles: ["ae"] }),
      barePerson("binh", { roles: ["ae"] }),
      barePerson("cara", { roles: ["manager"] }),
      barePerson("dung", { roles: ["manager"] }),
    ];
    const asks = (...ask: string[]): Drawn => ({
      text: "ok:approval\n start -> ok -> done",
      more: { nodes: { ok: { role: "ae", config: { selfApproval: "allow", levels: [{ ask, needs: "all" }] } } } },
    });
    type Run = Awaited<ReturnType<typeof play>>;
    const seats = async (run: Run) =>
      Object.values((await run.run()).work).map(({ role, assignee }) => `${role} ${assignee}`);
    const kept = async (run: Run) =>
      Object.values((await run.run()).visits).flatMap(({ approval }) => approval?.levels[0]?.seats ?? []);

    it("is whom the version it is on now asks, only for the steps that were named", async () => {
      const people = board();
      const own = openBareBench(undefined, people);
      const stays = await play(asks("ae"), asks("manager"), own);
      const before = await stays.run();
      expect(await stays.move()).toEqual({ ok: true });
      expect((await stays.run()).work).toEqual(before.work);
      const run = await play(asks("ae"), asks("manager"), own);
      expect(await seats(run)).toEqual(["ae an"]);
      expect(await run.move({ reassign: ["ok"] })).toEqual({ ok: true });
      expect(await seats(run)).toEqual(["manager cara"]);
      expect(await kept(run)).toMatchObject([{ ask: "manager", role: "manager" }]);
      expect((await run.only("WorkAssigned")).at(-1)).toMatchObject({
        data: { assignee: "cara", from: "an", why: "rule", pick: { role: "manager" } },
      });
      // What the seat asks from then on is that of the new version, too.
      for (const one of people) if (one.id === "cara") one.active = false;
      await own.send({ type: "reviewApprovers", runId: run.runId, gone: "cara" });
      expect(await seats(run)).toEqual(["manager dung"]);
    });

    it("stays where the version asks the same, and goes to what it asks besides", async () => {
      const own = openBareBench(undefined, board());
      const run = await play(asks("ae", "manager"), asks("manager", "@binh"), own);
      expect(await seats(run)).toEqual(["ae an", "manager cara"]);
      await run.move({ reassign: ["ok"] });
      expect(await seats(run)).toEqual(["ae binh", "manager cara"]);
      expect((await kept(run)).map(({ ask }) => ask)).toEqual(["@binh", "manager"]);
      const fewer = await play(asks("ae", "manager"), asks("manager"), own);
      await fewer.move({ reassign: ["ok"] });
      expect(await seats(fewer)).toEqual(["ae an", "manager cara"]);
      const plain: Drawn = { text: "ok:approval\n start -> ok -> done", more: { nodes: { ok: { role: "manager" } } } };
      const single = await play(asks("ae"), plain, own);
      await single.move({ reassign: ["ok"] });
      expect(await seats(single)).toEqual(["manager cara"]);
    });

    it("is taken back as it was", async () => {
      const own = openBareBench(undefined, board());
      const run = await play(asks("ae"), asks("manager"), own);
      const before = await run.run();
      await run.move({ reassign: ["ok"] });
      expect(await run.back(before)).toEqual({ ok: true });
      expect((await run.run()).visits).toEqual(before.visits);
    });
  });
});

it("the item of a list has its new name in the rounds that are open", async () => {
  const list = (as: string): Drawn =>
    `each:for_each list={["a","b"]} as=${as} mode=sequential\n look:task in=each\n which:decision in=each\n good:end in=each\n bad:end in=each outcome=negative\n look -> which -> good [${as} = "a"]\n which -> bad otherwise\n start -> each -> done`;
  const run = await play(list("one"), list("item"));
  expect(await run.move()).toEqual({ ok: true });
  expect((await run.only("RunMigrated"))[0]).toMatchObject({ data: { loops: { t1: "item" } } });
  expect((await run.token("each")).loop).toMatchObject({ as: "item" });
  await run.done("look");
  expect((await run.token("each")).loop).toMatchObject({ neutral: 1, negative: 0 });
  const same = await play(list("one"), list("one"));
  await same.move();
  expect((await same.only("RunMigrated"))[0]!.data).not.toHaveProperty("loops");
});

it("several reasons against it are told one after the other", async () => {
  const run = await play("call:task\n start -> call -> done", "call:automation\n start -> call -> done");
  expect(await run.move({ nodes: pairs("start>done call done") })).toMatchObject({
    text: "“start” cannot become “done”: that is another kind of step. “call” cannot become “call”: that is another kind of step.",
  });
});
