/** An approver is asked by mail, and the page behind its link says whether there is still something to decide. */
import { expect, it } from "vitest";
import { addDelegation } from "@/server/commands/save-delegation.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import { composeMail } from "@/server/effects/mail.ts";
import type { Effect } from "@/server/engine/events.ts";
import { decisionView } from "@/server/inbox/decision-view.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { describeOnBoth } from "../support/databases.ts";
import { ask, cast, hour, type Stage } from "./approvals.ts";
import { type Bench, openBench } from "./bench.ts";

type Mail = Extract<Effect, { kind: "mail" }>;
const level = (asked: string[], needs: unknown = "all") => ({ ask: asked, needs, name: "" });
const directors = { levels: [level(["*director"], 1)], mail: true };

describeOnBoth("a decision from the mail", (open) => {
  let opened: Promise<Bench> | undefined;
  const theBench = () =>
    (opened ??= open().then((store) =>
      openBench(
        store,
        undefined,
        cast.map(({ id, roles, managerId }) => ({ id, name: id, roles: ["rep"], processRoles: roles, managerId })),
      ),
    ));
  async function asking(config: Record<string, unknown>) {
    const bench = await theBench();
    const run = await ask(bench as unknown as Stage, config);
    await run.request();
    /** The page as this person sees it who was sent that link. */
    const seen = (work: string, memberId: string, seesRecord = false, of?: number) =>
      decisionView(
        { store: bench.store, contexts: bench.engine.contexts, labels: recordLabels },
        { memberId, workspaceId: bench.workspaceId, processRoles: [], zone: "UTC", locale: "en" },
        { id: `${run.runId}.${work}`, of },
        bench.clock.now(),
        () => seesRecord,
      );
    const mails = async () => {
      // What a completion sends waits until it can no longer be undone.
      await bench.advance(11_000);
      return bench.sent.filter(
        (one): one is Mail => one.kind === "mail" && String((one as Mail).values.page).includes(`${run.runId}.`),
      );
    };
    return { bench, ...run, seen, mails };
  }

  it("each approver gets their own link, whoever decides in their place instead of them", async () => {
    const run = await asking({ levels: [level(["manager"]), level(["*director"], 1)], mail: true });
    const link = async (member: string) =>
      expect.stringMatching(new RegExp(`^/decide/${run.runId}\\.${(await run.workOf(member))!.id}\\?of=\\d+$`));
    expect((await run.mails()).map(({ to, values }) => [to, values.page])).toEqual([["mai", await link("mai")]]);
    await addDelegation(run.bench.engine, run.bench.ask(), {
      memberId: "dee",
      delegateId: "boss",
      from: run.bench.clock.now(),
      to: run.bench.clock.now() + hour,
      reason: "conference",
    });
    await run.decide("mai", "approved");
    expect(
      (await run.mails())
        .slice(1)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(["boss", "dan", "dot"]);
    await run.bench.advance(2 * hour);
  });

  it("without the setting nobody is written to", async () => {
    const run = await asking({ levels: [level(["manager"])] });
    expect(await run.mails()).toEqual([]);
  });

  it("the letter says what it is about and that opening the link decides nothing", async () => {
    const run = await asking({ mail: true });
    const [mail] = await run.mails();
    const letter = await composeMail(
      { store: run.bench.store, baseUrl: "https://deals.example" },
      { ...mail!, workspaceId: run.bench.workspaceId },
    );
    expect(letter).toMatchObject({
      ok: true,
      to: ["mai@example.com"],
      subject: expect.stringMatching(/^Your decision: okay – P\d+/),
    });
    const text = letter.ok ? letter.text : "";
    expect(text).toContain(`\n\nhttps://deals.example/decide/${run.runId}.`);
    expect(text).toContain("Opening the link decides nothing.");
  });

  it("says who has it to whoever was asked before, and to nobody else", async () => {
    const run = await asking({ mail: true });
    const { id } = (await run.workOf("mai"))!;
    expect(await run.seen(id, "mai")).toMatchObject({ state: "yours", card: { title: "okay", mine: true } });
    await run.send({ type: "assignWork", work: id, how: { kind: "hand_over", to: "boss" } }, "mai");
    expect(await run.seen(id, "boss")).toMatchObject({ state: "yours" });
    expect(await run.seen(id, "mai")).toMatchObject({ state: "theirs", card: { assigneeName: "boss" } });
    expect(await run.seen(id, "dot")).toBeNull();
    // Who may read the record may know.
    expect(await run.seen(id, "dot", true)).toMatchObject({ state: "theirs" });
    expect((await run.mails()).map(({ to }) => to)).toContain("boss");
  });

  it("says what was decided, by whom and why", async () => {
    const run = await asking(directors);
    const [mine, others] = [(await run.workOf("dee"))!.id, (await run.workOf("dan"))!.id];
    await run.decide("dee", "approved", { comment: "good terms" });
    expect(await run.seen(mine, "dee")).toMatchObject({
      state: "decided",
      decided: { by: "dee", outcome: "approved", comment: "good terms" },
    });
    expect(await run.seen(others, "dan")).toMatchObject({ state: "closed", closed: { why: "not_needed" } });
  });

  it("says that it was taken back, that its time is over, or that the run was ended", async () => {
    const back = await asking(directors);
    const { id, token } = (await back.workOf("dee"))!;
    await back.send({ type: "withdrawApproval", token, reason: "wrong price" }, "lan");
    expect(await back.seen(id, "dee")).toMatchObject({
      state: "closed",
      closed: { why: "withdrawn", by: "lan", reason: "wrong price" },
    });
    const late = await asking({ ...directors, timeout: { after: "PT4H", do: "reject" } });
    const waiting = (await late.workOf("dee"))!.id;
    await late.bench.advance(5 * hour);
    expect(await late.seen(waiting, "dee")).toMatchObject({ state: "closed", closed: { why: "timeout" } });
    const ended = await asking(directors);
    const open = (await ended.workOf("dee"))!.id;
    await ended.send({ type: "cancelRun", reason: "a duplicate" }, "linh");
    expect(await ended.seen(open, "dee")).toMatchObject({
      state: "closed",
      closed: { why: "cancelled", by: "linh", reason: "a duplicate" },
    });
  });

  it("a link leads to the request it was sent for and to no other one that took its number after an undo", async () => {
    const run = await asking({ mail: true });
    /** What the links say that were written for mai, the first one first. */
    const links = async () =>
      (await run.bench.factsOf(run.runId)).flatMap((fact) => {
        const effect = fact.type === "EffectRequested" ? fact.data.effect : null;
        if (effect?.kind !== "mail" || effect.to !== "mai") return [];
        const [, work = "", of] = /\.(w\d+)\?of=(\d+)$/.exec(String(effect.values.page)) ?? [];
        return [{ work, of: Number(of) }];
      });
    const [first] = await links();
    expect(await run.seen(first!.work, "mai", false, first!.of)).toMatchObject({ state: "yours" });
    const requested = `${run.runId}.w1`;
    expect(await undoWork(run.bench.engine, run.bench.ask("lan"), requested)).toEqual({ ok: true });
    const undone = run.bench.clock.now();
    expect(await run.seen(first!.work, "mai", false, first!.of)).toEqual({ state: "gone", at: undone });
    expect(await run.seen(first!.work, "mai")).toEqual({ state: "gone", at: undone });
    expect(await run.seen(first!.work, "dot", false, first!.of)).toBeNull();

    await run.bench.advance(hour);
    await run.request();
    const [, second] = await links();
    expect(second!.work).toBe(first!.work);
    expect(await run.seen(first!.work, "mai", false, first!.of)).toEqual({ state: "gone", at: undone });
    expect(await run.seen(second!.work, "mai", false, second!.of)).toMatchObject({ state: "yours" });

    // Its own decision taken back is the same request again.
    await run.decide("mai", "approved");
    expect(await run.seen(second!.work, "mai", false, second!.of)).toMatchObject({ state: "decided" });
    await undoWork(run.bench.engine, run.bench.ask("mai"), `${run.runId}.${second!.work}`);
    expect(await run.seen(second!.work, "mai", false, second!.of)).toMatchObject({ state: "yours" });
  });

  it("is a page for approvals only", async () => {
    const bench = await theBench();
    const run = await ask(bench as unknown as Stage, {});
    const [item] = Object.values((await run.run()).work);
    const deps = { store: bench.store, contexts: bench.engine.contexts, labels: recordLabels };
    const lan = {
      memberId: "lan",
      workspaceId: bench.workspaceId,
      processRoles: [],
      zone: "UTC",
      locale: "en" as const,
    };
    expect(await decisionView(deps, lan, { id: `${run.runId}.${item!.id}` }, bench.clock.now(), () => true)).toBeNull();
    expect(await decisionView(deps, lan, { id: `${run.runId}.w99` }, bench.clock.now(), () => true)).toBeNull();
  });
});
