/** In a suspended run nothing moves, and nothing that reaches it is lost: it counts from when the run goes on. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Outcome } from "@/server/effects/dispatch.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench, people } from "./bench.ts";

const minute = 60_000;
const start = Date.UTC(2026, 2, 2, 2);
const roles = { ae: { name: "Account executive" } };
const line = (key: string, nodes: readonly object[], recordType = "account") => {
  const all = [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    ...nodes,
    { id: "done", kind: "end", name: "Done" },
  ] as { id: string }[];
  const edges = all.slice(1).map(({ id }, i) => ({ id: `e${i}`, from: all[i]!.id, to: id }));
  return { key, name: key, recordType, runPolicy: "many", roles, nodes: all, edges };
};
const call = { id: "call", kind: "task", name: "Call", role: "ae" };
const post = { verb: "connector", connector: "books", operation: "post" };
const thank = { verb: "send_template", template: "thanks", to: "ae" };
const account = { name: "Lotus Foods", billing_country: "VN", owner_id: "lan" };
const lead = {
  last_name: "Vo",
  company_name: "Lotus Foods",
  email: "an@lotus.test",
  source: "inbound_web",
  owner_id: "lan",
};

describeOnBoth("a suspended run", (open) => {
  const bench = async (send?: () => Promise<Outcome>) =>
    openBench(await open(), start, people, { ...(send && { send }) });
  type Bench = Awaited<ReturnType<typeof bench>>;
  const suspend = (on: Bench, runId: string) => on.send({ type: "suspendRun", runId, reason: "holiday" }, "linh");
  const resume = (on: Bench, runId: string) => on.send({ type: "resumeRun", runId }, "linh");
  const at = async (on: Bench, runId: string) => Object.values((await on.run(runId)).tokens).map(({ node }) => node);
  const proven = async (on: Bench) => {
    expect(on.errors).toEqual([]);
    expect(await verifyWorkspace(on.engine, on.workspaceId)).toMatchObject({ ok: true, problems: [] });
  };

  it("takes an answer from outside when it goes on: until then no further action is done", async () => {
    const on = await bench();
    await on.publish(line("bill", [{ id: "book", kind: "automation", name: "Book", actions: [post, thank] }, call]));
    const run = await on.start("bill", await on.record("account", account), "account");
    await suspend(on, run);
    await on.advance(5 * minute);
    expect(on.sent.map(({ kind }) => kind)).toEqual(["connector"]);
    expect(await at(on, run)).toEqual(["book"]);
    await resume(on, run);
    await on.advance(minute);
    expect(await at(on, run)).toEqual(["call"]);
    expect(on.sent.map(({ kind }) => kind)).toEqual(["connector", "mail"]);
    await proven(on);
  });

  it("hears when it goes on that a run it called has ended", async () => {
    const on = await bench();
    await on.publish(
      line("child", [{ id: "nap", kind: "wait", name: "Nap", config: { for: "duration", duration: "PT5M" } }]),
    );
    await on.publish(
      line("parent", [{ id: "inner", kind: "subprocess", name: "Inner", config: { process: "child" } }, call]),
    );
    const run = await on.start("parent", await on.record("account", account), "account");
    await on.advance(minute);
    await suspend(on, run);
    await on.advance(10 * minute);
    expect(await at(on, run)).toEqual(["inner"]);
    await resume(on, run);
    expect(await at(on, run)).toEqual(["call"]);
    await proven(on);
  });

  it("hears when it goes on what happened to its record", async () => {
    const on = await bench();
    const held = { id: "held", kind: "wait", name: "Held", config: { for: "event", event: "meeting.concluded" } };
    await on.publish({
      ...line("meet", [held, call], "lead"),
      edges: [
        { id: "e0", from: "start", to: "held" },
        { id: "e1", from: "held", port: "event", to: "call" },
        { id: "e2", from: "call", to: "done" },
      ],
    });
    const id = await on.record("lead", lead);
    const run = await on.start("meet", id, "lead");
    await suspend(on, run);
    await on.change(id, { meeting_status: "held" });
    await on.advance(minute);
    expect(await at(on, run)).toEqual(["held"]);
    await resume(on, run);
    expect(await at(on, run)).toEqual(["call"]);
    await proven(on);
  });

  it("refuses a retry of its incident, which stays", async () => {
    const on = await bench(async () => ({ ok: false, text: "no", final: true }));
    await on.publish(line("bill", [{ id: "book", kind: "automation", name: "Book", actions: [post] }, call]));
    const run = await on.start("bill", await on.record("account", account), "account");
    await on.advance(minute);
    await suspend(on, run);
    expect(await on.send({ type: "retryIncident", runId: run, incident: "i1" }, "linh")).toMatchObject({
      ok: false,
      code: "UNAVAILABLE",
      text: "This run is suspended. Resume it first; nothing was tried again.",
    });
    expect(Object.keys((await on.run(run)).incidents)).toEqual(["i1"]);
    await proven(on);
  });
});
