import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "@/db/store.ts";
import { virtualClock } from "@/server/runtime/clock.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { onSqlite } from "@/tests/support/databases.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { openMail, sendMail } from "./mail.ts";

const open = onSqlite();
const taken: { to: string[]; text: string }[] = [];
let refuseWith: number | null = null;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onRcptTo: (_, __, done) => (refuseWith ? done(Object.assign(new Error("no"), { responseCode: refuseWith })) : done()),
  onData(stream, session, done) {
    let text = "";
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    stream.on("end", () => {
      taken.push({ to: session.envelope.rcptTo.map((one) => one.address), text });
      done();
    });
  },
});
let url: string;
let store: Store;
let own: Side;
beforeAll(async () => {
  await new Promise<void>((listening) => smtp.listen(0, "127.0.0.1", listening));
  const address = smtp.server.address();
  url = `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  store = await open();
  const engine = startEngine({
    store,
    clock: virtualClock(1),
    newId: countedIds(),
    send: async () => ({ ok: true, result: null }),
    onError: () => {},
  });
  ({ own } = await twoWorkspaces(engine, 1));
});
afterAll(() => new Promise<void>((closed) => smtp.close(closed)));

const send = (to: string, template = "no_show", mail = openMail(url, undefined)) =>
  sendMail(
    { store, mail, baseUrl: "http://127.0.0.1:3000" },
    { to, template, values: { title: "Acme" }, key: "ws/run/e1", workspaceId: own.workspaceId },
  );

describe("mail", () => {
  it("reaches colleagues in plain words, with the same Message-ID at each try", async () => {
    expect(await send(`${own.people.rep.memberId},mem_of_nobody`)).toEqual({ ok: true, result: { to: 1 } });
    await send(own.people.rep.memberId);
    const [first, second] = taken.slice(-2);
    expect(first?.to).toEqual(["rep@ownmark.test"]);
    expect(first?.text).toMatch(/Subject: No show: Acme/);
    for (const one of [first, second]) expect(one?.text).toMatch(/Message-ID: <ws-run-e1@millrace>/i);
  });

  it("sends a customer only what somebody wrote", async () => {
    const before = taken.length;
    expect(await send("buyer@example.com", "dunning_1")).toMatchObject({
      ok: false,
      final: true,
      text: expect.stringContaining("no wording"),
    });
    expect(taken.length).toBe(before);
    const [row] = (await store.read.select().from(store.t.workspace)).filter((one) => one.id === own.workspaceId);
    if (!row) throw new Error("no workspace");
    const settings = {
      mailTemplates: { dunning_1: { subject: "Invoice\r\nBcc: all@example.com", text: "Dear {title}" } },
    };
    await store.commit([
      { workspaceId: own.workspaceId, guards: [], events: [], put: { workspace: [{ ...row, settings }] }, drop: {} },
    ]);
    expect(await send("buyer@example.com", "dunning_1")).toMatchObject({ ok: true });
    expect(taken.at(-1)?.to).toEqual(["buyer@example.com"]);
    expect(taken.at(-1)?.text).toMatch(/Dear Acme/);
    expect(taken.at(-1)?.text).not.toMatch(/^Bcc:/m);
  });

  it("is tried again when the server is busy or away, and given up when it refuses for good", async () => {
    refuseWith = 450;
    expect(await send(own.people.rep.memberId)).toMatchObject({ ok: false, final: false });
    refuseWith = 550;
    expect(await send(own.people.rep.memberId)).toMatchObject({ ok: false, final: true });
    refuseWith = null;
    expect(await send(own.people.rep.memberId, "no_show", openMail("smtp://127.0.0.1:1", undefined))).toMatchObject({
      ok: false,
      final: false,
    });
  });

  it("says what to do without a mail server", async () => {
    expect(await send(own.people.rep.memberId, "no_show", null)).toMatchObject({
      ok: false,
      final: true,
      text: expect.stringMatching(/MILLRACE_SMTP_URL/),
    });
  });
});
