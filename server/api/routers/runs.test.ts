import { beforeAll, describe, expect, it } from "vitest";
import { processSchema } from "@/server/engine/process.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { createCaller } from "../router.ts";

let server: TestServer;
let own: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now()));
  const document = processSchema.parse(
    textGraph(
      "lines",
      `start -> check -> each -> answer
       check:task
       each:for_each list={["Licences", "Support"]} as=line mode=sequential
       ask:task in=each
       asked:end in=each outcome=success
       ask -> asked
       answer:wait for=event event=quote.signed correlate={lead.email} timeout=P2D
       answer.event -> won
       answer.timeout -> lost
       won:end outcome=success goal={lead.fit_score > 95}`,
      {
        roles: { ae: { name: "Account executive" } },
        nodes: {
          check: { name: "Check", role: "ae" },
          each: { name: "Each line" },
          ask: {
            name: "Ask",
            role: "ae",
            boundary: [{ id: "remind", kind: "timer", after: "1d", interrupting: false }],
          },
          answer: { name: "Customer answers" },
          won: { name: "Won" },
        },
        runPolicy: "many",
      },
    ),
  );
  const withReminder = processSchema.parse({
    ...document,
    nodes: [...document.nodes, { id: "reminded", kind: "end", name: "Reminded", in: "each" }],
    edges: [...document.edges, { id: "e_remind", from: "ask", port: "remind", to: "reminded" }],
  });
  const made = await as("ops").processes.create({ document: withReminder });
  const { revision } = await as("ops").processes.edit({ id: made.processId });
  await as("ops").processes.publish({ id: made.processId, note: "first", revision });
});
const as = (role: "admin" | "ops" | "manager" | "rep") =>
  createCaller({ services: server.services, person: own.people[role], signal: undefined });
let leads = 0;
async function start() {
  const { engine } = server.services;
  const n = ++leads;
  const { id } = await as("ops").records.create({
    type: "lead",
    values: {
      last_name: `Lead ${n}`,
      email: `a${n}@b${n}.test`,
      company_name: `B ${n}`,
      source: "inbound_web",
      owner_id: own.people.ops.memberId,
    },
  });
  await as("ops").runs.start({ process: "lines", recordId: id });
  await engine.worker.drain();
  const read = async () => (await as("ops").records.read({ id })).runs.find((r) => r.process === "lines")!;
  const token = async (name: string) => (await read()).where.find((w) => w.name === name)!.token;
  return { id, email: `a${n}@b${n}.test`, read, token, run: (await read()).id };
}

describe("a run moved by hand", () => {
  it("goes to another step, and the record says where it stands there and why", async () => {
    const deal = await start();
    const from = await deal.token("Check");
    await as("ops").runs.jump({
      id: deal.run,
      how: { kind: "jump", token: from, to: "each" },
      reason: "checked on the phone",
    });
    const run = await deal.read();
    expect(run.where.map((w) => w.name).sort()).toEqual(["Ask", "Each line"]);
    const inside = run.flow?.tokens.find((f) => f.inside.length > 0);
    expect(inside?.inside).toEqual([{ name: "Each line", index: 1, total: 2, item: "Licences" }]);
    expect(inside?.edges).toMatchObject([{ kind: "timer", to: "Reminded", interrupting: false }]);
    expect(run.flow?.goals).toMatchObject([{ name: "Won", now: { text: "lead.fit_score > 95" } }]);
    const { events } = await as("ops").records.read({ id: deal.id });
    expect(events.find((e) => e.type === "RunJumped")).toMatchObject({
      actor: own.people.ops.name,
      facts: { how: "jump", from: "Check", to: "Each line", reason: "checked on the phone" },
    });
  });

  it("takes one item more, and skips what is agreed", async () => {
    const deal = await start();
    await as("ops").runs.jump({
      id: deal.run,
      how: { kind: "skip", token: await deal.token("Check") },
      reason: "known customer",
    });
    await as("ops").runs.jump({
      id: deal.run,
      how: { kind: "add_item", token: await deal.token("Each line"), item: "Training" },
      reason: "asked for",
    });
    const run = await deal.read();
    expect(run.flow?.tokens.find((f) => f.loop)?.loop).toMatchObject({ total: 3, done: 0, sequential: true });
    expect(run.moves?.tokens.find((m) => m.loop)?.cancels).toMatchObject({ work: [{ name: "Ask" }], inside: 1 });
  });

  it("is refused with a sentence, and nothing moves", async () => {
    const deal = await start();
    const token = await deal.token("Check");
    await expect(
      as("ops").runs.jump({ id: deal.run, how: { kind: "jump", token, to: "ask" }, reason: "shortcut" }),
    ).rejects.toThrow("only among the steps of one sub-process");
    await expect(as("ops").runs.jump({ id: deal.run, how: { kind: "skip", token }, reason: "  " })).rejects.toThrow();
    expect((await deal.read()).where.map((w) => w.name)).toEqual(["Check"]);
  });

  it("is a manager's only where the record is their team's, and never a rep's", async () => {
    const deal = await start();
    const how = { kind: "skip" as const, token: await deal.token("Check") };
    await expect(as("manager").runs.jump({ id: deal.run, how, reason: "mine?" })).rejects.toThrow("This run");
    await expect(as("rep").runs.jump({ id: deal.run, how, reason: "mine?" })).rejects.toThrow("role");
    expect((await as("manager").records.read({ id: deal.id })).runs[0]?.moves).toBeNull();
    expect((await deal.read()).moves?.tokens).toHaveLength(1);
  });

  it("happens once when it is asked for twice", async () => {
    const deal = await start();
    const asked = {
      id: deal.run,
      how: { kind: "add" as const, node: "check" },
      reason: "second look",
      commandId: "cmd_second_look",
    };
    await as("ops").runs.jump(asked);
    await as("ops").runs.jump(asked);
    expect((await deal.read()).where.map((w) => w.name)).toEqual(["Check", "Check"]);
  });
});

describe("a task inside a for-each", () => {
  it("says in the inbox which item it is about", async () => {
    const deal = await start();
    await as("ops").runs.jump({
      id: deal.run,
      how: { kind: "skip", token: await deal.token("Check") },
      reason: "known customer",
    });
    const { rows } = await as("ops").inbox.list();
    const [row] = rows.filter((one) => one.runId === deal.run);
    expect(row?.title).toBe("Ask – Licences");
    expect((await as("ops").inbox.card({ id: row!.id })).title).toBe("Ask – Licences");
  });
});

describe("a called process", () => {
  it("is found from the run that called it, and the other way round", async () => {
    const document = processSchema.parse(
      textGraph(
        "caller",
        `start -> call -> done
         call:subprocess process=lines record=same`,
        { nodes: { call: { name: "Lines" } } },
      ),
    );
    const made = await as("ops").processes.create({ document });
    const { revision } = await as("ops").processes.edit({ id: made.processId });
    await as("ops").processes.publish({ id: made.processId, note: "first", revision });
    const deal = await start();
    await as("ops").runs.start({ process: "caller", recordId: deal.id });
    await server.services.engine.worker.drain();
    const { runs } = await as("ops").records.read({ id: deal.id });
    const caller = runs.find((r) => r.process === "caller")!;
    const [child] = caller.children;
    expect(child).toMatchObject({ process: "lines", recordId: deal.id, status: "active" });
    expect(caller.flow?.tokens[0]?.child).toBe(child?.id);
    expect(runs.find((r) => r.id === child?.id)?.parent).toMatchObject({ id: caller.id, process: "caller" });
  });
});

describe("a message", () => {
  it("is kept when it comes early, and taken by its key when a step waits for it", async () => {
    const deal = await start();
    const send = (key: string) =>
      as("ops").runs.message({ recordId: deal.id, event: "quote.signed", key, payload: { amount: 3 } });
    await send("somebody@else.test");
    expect((await deal.read()).flow?.messages).toMatchObject([{ event: "quote.signed", key: "somebody@else.test" }]);
    await as("ops").runs.jump({
      id: deal.run,
      how: { kind: "jump", token: await deal.token("Check"), to: "answer" },
      reason: "sent already",
    });
    expect((await deal.read()).flow?.tokens[0]?.waits).toMatchObject([
      { what: "event", text: "quote.signed", key: deal.email, to: "Won" },
      { what: "time", to: "lost" },
    ]);
    expect(await send(deal.email)).toEqual({ runs: 1 });
    expect((await deal.read()).status).toBe("completed");
  });

  it("that nothing waits for is refused with one sentence", async () => {
    const deal = await start();
    await expect(as("ops").runs.message({ recordId: deal.id, event: "moon.rises" })).rejects.toThrow(
      "waits for “moon.rises”. The message was not taken.",
    );
    await expect(as("ops").runs.message({ recordId: own.recordId, event: "moon.rises" })).rejects.toThrow("not taken");
  });
});
