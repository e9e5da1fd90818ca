/** What is kept for thirty days, and what stays longer because somebody may still need it. */
import { expect, it } from "vitest";
import { createRecord } from "@/server/commands/create-record.ts";
import { forgetOld } from "@/server/commands/forget-old.ts";
import { hookJobId } from "@/server/commands/receive-webhook.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Row } from "@/db/store.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

const day = 86_400_000;

describeOnBoth("receipts", (open) => {
  async function office() {
    const bench = await openBench(await open());
    const { store, workspaceId, clock } = bench;
    const ask = (commandId: string) => ({ ...bench.ask(), commandId });
    return {
      ...bench,
      make: async (commandId: string, name: string) =>
        createRecord(bench.engine, ask(commandId), { type: "account", values: { name } }),
      clean: async () => {
        let pauses = 0;
        const gone = await forgetOld({ store, nowIn: () => clock.now(), breathe: async () => ++pauses > 0 });
        return { gone, pauses };
      },
      put: async (put: { webhookReceipt?: Row<"webhookReceipt">[]; job?: Row<"job">[]; receipt?: Row<"receipt">[] }) =>
        void (await store.commit([{ workspaceId, guards: [], events: [], put, drop: {} }])),
    };
  }

  it("of a request give the same answer for thirty days, and are forgotten then", async () => {
    const { store, clock, make, clean, engine, workspaceId } = await office();
    const first = await make("make-lotus", "Lotus Foods");
    clock.advance(29 * day);
    await make("make-pho", "Pho 24");
    expect((await clean()).gone).toBe(0);
    expect(await make("make-lotus", "Lotus Foods")).toEqual(first);
    expect(await make("make-lotus", "Another")).toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    clock.advance(day + 1);
    expect((await clean()).gone).toBe(1);
    const { receipt } = store.t;
    expect(await store.read.select({ id: receipt.commandId }).from(receipt)).toEqual([{ id: "make-pho" }]);
    expect(await verifyWorkspace(engine, workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("of a job that was given up stay as long as it does", async () => {
    const { clock, put, clean, store, workspaceId } = await office();
    const job = { workspaceId, kind: "record_changed", runId: null, payload: {}, dueAt: 0, lease: 1, attempts: 8 };
    const receipt = { workspaceId, body: "", answer: {}, at: clock.now() };
    await put({
      job: [{ ...job, id: "ws:acc_1:2", deadAt: clock.now(), lastError: "no" }],
      receipt: ["ws:acc_1:2/acc_1/run_1", "ws:acc_1:20/acc_1/run_1"].map((commandId) => ({ ...receipt, commandId })),
    });
    clock.advance(31 * day);
    expect((await clean()).gone).toBe(1);
    await store.commit([{ workspaceId, guards: [], events: [], put: {}, drop: { job: [["ws:acc_1:2"]] } }]);
    expect((await clean()).gone).toBe(1);
  });

  it("of messages go too, but for those that wait or can be taken once more", async () => {
    const { clock, put, clean, store, workspaceId } = await office();
    const came = (message: string, state: Row<"webhookReceipt">["state"]): Row<"webhookReceipt"> => ({
      workspaceId,
      id: `rcp_${message}_${state}`,
      connectionId: "con_shop",
      message,
      state,
      at: clock.now(),
      bytes: 2,
      note: null,
    });
    const failed = came("m2", "failed");
    await put({
      webhookReceipt: [came("m1", "done"), failed, came("m2", "again"), came("m3", "failed"), came("m4", "nobody")],
      job: [
        {
          id: hookJobId(failed),
          workspaceId,
          kind: "hook",
          runId: null,
          payload: {},
          dueAt: 0,
          lease: 1,
          attempts: 1,
          deadAt: clock.now(),
          lastError: "no",
        },
      ],
    });
    clock.advance(31 * day);
    await put({ webhookReceipt: [came("m5", "done")] });
    expect((await clean()).gone).toBe(4);
    const { webhookReceipt: rows } = store.t;
    const left = await store.read.select({ id: rows.id }).from(rows);
    expect(left.map(({ id }) => id).sort()).toEqual(["rcp_m2_failed", "rcp_m5_done"]);
  });

  it("are gone through page by page, so that nobody waits", async () => {
    const { clock, put, clean, workspaceId } = await office();
    const at = clock.now();
    const many = Array.from({ length: 2500 }, (_, i) => `c-${String(i).padStart(5, "0")}`);
    await put({ receipt: many.map((commandId) => ({ workspaceId, commandId, body: "", answer: {}, at })) });
    clock.advance(31 * day);
    expect(await clean()).toEqual({ gone: 2500, pauses: 2 });
    expect(await clean()).toEqual({ gone: 0, pauses: 0 });
  });
});
