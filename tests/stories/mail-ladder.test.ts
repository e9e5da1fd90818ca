/** A mail server that is away or refuses: the mail is tried by the ladder under one id and then kept; everything else goes on. */
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openMail } from "@/server/effects/mail.ts";
import { sender } from "@/server/effects/send.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { onSqlite } from "../support/databases.ts";
import { openVault } from "@/server/runtime/vault.ts";
import { openBench } from "./bench.ts";

const noCalls = { vault: openVault("test"), guard: { loopback: false } };

const open = onSqlite();
let answer = 450;
const asked: string[] = [];
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onData(stream, _, done) {
    let text = "";
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    stream.on("end", () => {
      asked.push(/^Message-ID: (\S+)/im.exec(text)?.[1] ?? "");
      if (answer === 250) done();
      else done(Object.assign(new Error("not now"), { responseCode: answer }));
    });
  },
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((listening) => smtp.listen(0, "127.0.0.1", listening));
  const address = smtp.server.address();
  url = `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
afterAll(() => new Promise<void>((closed) => smtp.close(closed)));

const thank = {
  key: "thank",
  name: "Thank",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    {
      id: "mail",
      kind: "automation",
      name: "Mail",
      actions: [{ verb: "send_template", template: "thanks", to: "ae" }],
    },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "mail" },
    { id: "e2", from: "mail", to: "call" },
    { id: "e3", from: "call", to: "done" },
  ],
};

/** The bench's own workspace, served by an engine that really mails. */
async function mailing(server: string | undefined) {
  const bench = await openBench(await open());
  const { store, clock } = bench;
  await bench.publish(thank);
  const account = await bench.record("account", { name: "Lotus Foods", owner_id: "lan" });
  const { worker } = startEngine({
    store,
    clock,
    newId: countedIds(500),
    send: sender({ store, mail: openMail(server, undefined), baseUrl: "http://127.0.0.1:3000", calls: noCalls }),
    onError: (error) => {
      throw error;
    },
  });
  const jobs = async () => (await store.read.select().from(store.t.job)).filter((job) => job.kind === "mail");
  return { bench, account, worker, jobs };
}
const [s, min, h] = [1000, 60_000, 3_600_000];

it("is tried eight times under one id, kept for the operator, and holds nothing else up", async () => {
  const { bench, account, worker, jobs } = await mailing(url);
  const run = await bench.start("thank", account, "account");
  // Mail leaves when the step can no longer be undone.
  bench.clock.set((await jobs())[0]?.dueAt ?? 0);
  const begun = bench.clock.now();
  const tries: number[] = [];
  for (let before = asked.length; ; before = asked.length) {
    await worker.drain();
    if (asked.length === before) break;
    tries.push(bench.clock.now() - begun);
    const [job] = await jobs();
    if (job?.deadAt !== null) break;
    expect(job?.lastError).toMatch(/did not take the mail \(450\)/);
    bench.clock.set(job?.dueAt ?? 0);
  }
  const waits = [0, 5 * s, 5 * min, 30 * min, 2 * h, 5 * h, 10 * h, 10 * h];
  // Each wait up to a tenth longer, so that letters that failed together do not come back together.
  expect(tries).toHaveLength(waits.length);
  tries.forEach((at, i) => {
    const waited = at - (tries[i - 1] ?? 0);
    expect(waited).toBeGreaterThanOrEqual(waits[i]!);
    expect(waited).toBeLessThanOrEqual(waits[i]! * 1.1);
  });
  expect(new Set(asked).size).toBe(1);
  expect(await jobs()).toMatchObject([{ deadAt: bench.clock.now(), lastError: expect.stringMatching(/450/) }]);

  // The run says so, and names the step.
  expect(Object.values((await bench.run(run)).incidents)).toMatchObject([
    { code: "MAIL_FAILED", node: "mail", token: "", text: expect.stringMatching(/450/), mail: { template: "thanks" } },
  ]);
  // Meanwhile the run stands at the task after the mail, and can be finished.
  expect(
    await bench.send({ type: "completeWork", runId: run, work: "w1", outcome: null, values: {} }, "lan"),
  ).toMatchObject({
    ok: true,
  });
  expect(await bench.run(run)).toMatchObject({ status: "completed" });
  // The server is back: the letter of the incident goes out after all, though the run is over, and once.
  answer = 250;
  const before = asked.length;
  const again = { type: "retryIncident" as const, runId: run, incident: "i1" };
  expect(await bench.send(again, "linh")).toMatchObject({ ok: true });
  expect(await bench.send(again, "linh")).toMatchObject({ ok: false });
  bench.clock.advance(min);
  await worker.drain();
  expect(asked.length).toBe(before + 1);
  expect((await bench.run(run)).incidents).toEqual({});
  expect(await jobs()).toHaveLength(1);
  expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
});

it("says what to do where no mail server is set, and the run goes on", async () => {
  const { bench, account, worker, jobs } = await mailing(undefined);
  const run = await bench.start("thank", account, "account");
  bench.clock.advance(min);
  await worker.drain();
  expect(await jobs()).toMatchObject([{ lastError: expect.stringMatching(/Set MILLRACE_SMTP_URL/) }]);
  expect(Object.values((await bench.run(run)).tokens).map((token) => token.node)).toEqual(["call"]);
});
