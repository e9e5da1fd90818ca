/** Ordering a batch, looking at what it would do, stopping it and letting it go on. */
import { newJobRow } from "@/server/engine/rows.ts";
import { findBatch } from "@/db/queries/batches.ts";
import { countRuns, runIds } from "@/db/queries/run-search.ts";
import { runStates } from "@/db/queries/world.ts";
import type { Row, WriteSet } from "@/db/store.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "../deps.ts";
import { type AskedFilter, asAsked } from "./filter.ts";
import type { ItemResult } from "./kind.ts";
import { type BatchKindName, batchKind } from "./kinds.ts";

/** The most runs of one batch. */
const most = 100_000;
/** How many are looked at in one go of a preview, and at a time. */
const oneGo = 1000;
const page = 100;

type BatchOrder = { kind: BatchKindName; params: unknown; filter: AskedFilter; reason: string };
/** `memberId`: in whose name it is done, also where a key asks. */
type BatchAsk = Ask & { memberId: string };
type BatchPreview = {
  ok: true;
  /** How many the filter names, up to `most` + 1. */
  total: number;
  /** How many of them were looked at this time, and what would become of those. */
  looked: number;
  /** The run to go on after; null when all were looked at. */
  next: string | null;
  outcomes: (ItemResult & { n: number })[];
};

const unfit = () => refuse("INVALID", "Something is missing that this needs. Nothing was started.");
const tooMany = () =>
  refuse("TOO_LARGE", "A batch takes at most 100,000 runs. Narrow the filter; nothing was started.");

/** What would become of the runs, decided without writing anything: a thousand in one go, by id, beginning after `from`. */
export async function previewBatch(
  deps: Deps,
  ask: Ask,
  order: BatchOrder,
  from = "",
): Promise<BatchPreview | Refusal> {
  const kind = batchKind(order.kind, order.params);
  if (!kind) return unfit();
  const { workspaceId, actor, now } = ask;
  const filter = await filterOf(deps, ask, order);
  const total = await countRuns(deps.store, workspaceId, filter, now, most);
  const outcomes = new Map<string, ItemResult & { n: number }>();
  let looked = 0;
  let next: string | null = from;
  for (let after = from; looked < oneGo; after = next) {
    const ids = await runIds(deps.store, workspaceId, filter, now, { after, limit: page });
    next = ids.length < page ? null : ids.at(-1)!;
    const states = await runStates(deps.store, { workspaceId, runs: ids });
    const context = { ...deps, workspaceId, actor, reason: order.reason, askedAt: now, now };
    for (const { result, text } of await kind.preview(
      context,
      states.map(({ state }) => state),
    )) {
      const key = `${result} ${text}`;
      outcomes.set(key, { result, text, n: (outcomes.get(key)?.n ?? 0) + 1 });
      looked++;
    }
    if (next === null) break;
  }
  return { ok: true, total, looked, next, outcomes: [...outcomes.values()].sort((a, b) => b.n - a.n) };
}

/** Answers the batch's id. Its runs are written down and done behind, by whichever server's turn it is. */
export async function startBatch(
  deps: Deps,
  ask: BatchAsk,
  order: BatchOrder,
): Promise<{ ok: true; id: string } | Refusal> {
  if (!batchKind(order.kind, order.params)) return unfit();
  const { workspaceId, now } = ask;
  const total = await countRuns(deps.store, workspaceId, await filterOf(deps, ask, order), now, most);
  if (total === 0) return refuse("INVALID", "No run fits this filter. Nothing was started.");
  if (total > most) return tooMany();
  const commandId = ask.commandId ?? deps.newId("cmd");
  const batch = batchOf({ ...ask, commandId }, order);
  const { id } = batch;
  const answer = await deps.loop.write({
    workspaceId,
    id: commandId,
    receipt: { body: { batch: order.kind, filter: batch.filter, params: batch.params, reason: order.reason }, at: now },
    make: async () => ({
      ok: true,
      value: { id },
      sets: [set(deps, ask, `batch.${order.kind}`, id, { batch: [batch], job: [batchJob(batch, now)] })],
    }),
  });
  return answer.ok ? { ok: true, id } : answer;
}

/**
 * A batch that follows from another change, to be written with it: were it ordered afterwards, a server that dies in between would
 * leave its runs untold. Null where no run fits it.
 */
export async function followingBatch(
  deps: Deps,
  ask: BatchAsk & { commandId: string },
  order: BatchOrder,
): Promise<{ id: string; put: WriteSet["put"] } | null> {
  const { workspaceId, now } = ask;
  if ((await countRuns(deps.store, workspaceId, await filterOf(deps, ask, order), now, 1)) === 0) return null;
  const batch = batchOf(ask, order);
  const rows = { batch: [batch], job: [batchJob(batch, now)] };
  return { id: batch.id, put: set(deps, ask, `batch.${order.kind}`, batch.id, rows).put };
}

async function filterOf({ contexts }: Deps, { workspaceId, now }: Ask, { kind, filter }: BatchOrder) {
  return asAsked(kind, filter, now, (await contexts.get(workspaceId, now)).zone);
}

function batchOf(ask: BatchAsk & { commandId: string }, order: BatchOrder): Row<"batch"> {
  return {
    workspaceId: ask.workspaceId,
    id: `bat_${ask.commandId.replace(/^cmd_/, "")}`,
    kind: order.kind,
    filter: asPlain(order.filter),
    params: asPlain(order.params),
    askedBy: ask.memberId,
    reason: order.reason,
    status: "running",
    gathered: false,
    text: null,
    createdAt: ask.now,
    endedAt: null,
  };
}

/** The runs whose turn it is by now are still done; the others wait until it goes on. */
export async function stopBatch(deps: Deps, ask: Ask, id: string): Promise<{ ok: true } | Refusal> {
  return change(deps, ask, id, "batch.stop", (batch) =>
    batch.status === "done" || batch.status === "stopped"
      ? refuse("CONFLICT", "This batch is not running any more. Nothing was changed.")
      : { ...batch, status: "stopped", text: null, endedAt: ask.now },
  );
}

export async function goOnWithBatch(deps: Deps, ask: BatchAsk, id: string): Promise<{ ok: true } | Refusal> {
  return change(deps, ask, id, "batch.go_on", (batch) =>
    batch.status === "stopped"
      ? // Whoever lets it go on answers for it from now on. Where it was stopped follows from its items.
        { ...batch, status: "running", text: null, endedAt: null, askedBy: ask.memberId }
      : refuse("CONFLICT", "This batch was not stopped. Nothing was changed."),
  );
}

async function change(
  deps: Deps,
  ask: Ask,
  id: string,
  deed: string,
  to: (batch: Row<"batch">) => Row<"batch"> | Refusal,
): Promise<{ ok: true } | Refusal> {
  const answer = await deps.loop.write({
    workspaceId: ask.workspaceId,
    id: ask.commandId ?? deps.newId("cmd"),
    make: async () => {
      const batch = await findBatch(deps.store, ask.workspaceId, id);
      if (!batch) return refuse("NOT_FOUND", "This batch does not exist.");
      const changed = to(batch);
      if ("ok" in changed) return changed;
      const job = changed.status === "stopped" ? {} : { job: [batchJob(changed, ask.now)] };
      return { ok: true, value: null, sets: [set(deps, ask, deed, id, { batch: [changed], ...job })] };
    },
  });
  return answer.ok ? { ok: true } : answer;
}

/** The rows, and beside them who did what in the audit. */
const set = (
  { newId }: Deps,
  { workspaceId, actor, now }: Ask,
  action: string,
  subject: string,
  put: WriteSet["put"],
): WriteSet => ({
  workspaceId,
  guards: [],
  events: [],
  put: {
    ...put,
    audit: [{ workspaceId, id: newId("aud"), at: now, actor, action, subject, ok: true, detail: null }],
  },
  drop: {},
});

/** What makes a worker see to it; the same id always, so there is one at most. */
const batchJob = ({ workspaceId, id }: Row<"batch">, now: number): Row<"job"> =>
  newJobRow({
    id: `${workspaceId}/batch/${id}`,
    workspaceId,
    kind: "batch",
    payload: { batch: id },
    dueAt: now,
  });

const asPlain = (value: unknown): Plain => JSON.parse(JSON.stringify(value ?? {})) as Plain;
