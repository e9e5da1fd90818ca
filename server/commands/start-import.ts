/**
 * An import as a person on a screen starts it: it is answered at once, goes on behind, and says itself how it ended. The server that
 * works at it holds it; one that ends lets it go, and whichever has the file and comes first goes on where its count stands.
 */
import { findImport, importsUnderWay } from "@/db/queries/imports.ts";
import type { Row } from "@/db/store.ts";
import { troubleIn } from "@/db/trouble.ts";
import type { Action } from "@/server/api/authorisation.ts";
import type { Refusal } from "@/server/engine/model.ts";
import type { Background } from "@/server/runtime/background.ts";
import type { Clocks } from "@/server/runtime/clock.ts";
import type { Upload, Uploads } from "@/server/runtime/uploads.ts";
import type { Ask, Deps, FileDeps } from "./deps.ts";
import { bareSet, type Hold, type ImportAbout, jobRow, type RowProblem, writeJob, writeUnder } from "./import-job.ts";
import { importLog } from "./import-log.ts";
import { type AskedImport, type ImportOrder, keepAsked, readAsked } from "./import-order.ts";
import { importRecords } from "./import-records.ts";
import { mayStill } from "./may-still.ts";

/** `clock`: the server's, by which it is held. */
type Around = { deps: FileDeps; uploads: Uploads; background: Background; serverClock: { now(): number } };

/** For so long other servers leave an import alone whose server says nothing any more. */
const holdMs = 30_000;
const beatMs = 10_000;

/** Answers the import's id; its row is there from the first moment on. The uploaded file goes when all of it is in. */
export async function startImport(
  around: Around,
  ask: Ask & Pick<AskedImport, "actor">,
  memberId: string,
  upload: Upload & { bytes: Uint8Array },
  order: ImportOrder,
): Promise<{ ok: true; id: string }> {
  const { deps, uploads } = around;
  const id = deps.newId("imp");
  const asked = { order, upload: upload.id, home: await uploads.home(), actor: ask.actor, memberId };
  const about: ImportAbout = {
    id,
    kind: order.kind,
    fileName: upload.fileName,
    mapping:
      order.kind === "log"
        ? { process: order.process ?? "", recordType: "", madeProcess: false }
        : { recordType: order.mapping.recordType },
    hold: holdOf(around, { asked: keepAsked(asked), lease: 1, since: ask.now, sofar: null }),
  };
  const none = { total: order.expected ?? 0, done: 0, created: 0, updated: 0, failed: 0, started: 0 };
  const row = { ...jobRow(ask, about, "running", none, []), lease: 1 };
  await writeJob(deps, ask, id, undefined, () => row);
  work(around, ask, about, asked, upload.bytes);
  return { ok: true, id };
}

function holdOf({ background, serverClock }: Around, held: Pick<Hold, "asked" | "lease" | "since" | "sofar">): Hold {
  return { ...held, until: () => serverClock.now() + holdMs, isLeaving: () => background.isLeaving() };
}

function work(around: Around, ask: Ask, about: ImportAbout, { order, upload }: AskedImport, bytes: Uint8Array): void {
  const { deps, uploads, background } = around;
  const hold = about.hold!;
  const kept = () => stillHeld(deps, ask.workspaceId, about.id, hold);
  background.run(about.id, async () => {
    const beating = setInterval(() => void beat(deps, ask.workspaceId, about.id, hold).catch(() => {}), beatMs).unref();
    try {
      const answer = await carryOut(deps, ask, about, order, bytes);
      if (answer.ok && !answer.left) await uploads.remove(upload);
      else if (answer.ok) await letGo(deps, ask, await kept(), hold);
      else await stop(deps, ask, await kept(), hold, answer.text);
    } catch (error) {
      const row = await kept();
      // Another server has taken it over: what failed here was only that this one writes nothing more.
      if (!row) return;
      const trouble = troubleIn(error);
      await stop(
        deps,
        ask,
        row,
        hold,
        trouble?.message ??
          "Something went wrong on the server. What was imported before it is in and can be taken back.",
      );
      throw error;
    } finally {
      clearInterval(beating);
    }
  });
}

async function carryOut(
  deps: FileDeps,
  ask: Ask,
  { id: importId, fileName, hold }: ImportAbout,
  order: ImportOrder,
  bytes: Uint8Array,
): Promise<{ ok: true; left?: true } | Refusal> {
  const sofar = hold?.sofar;
  const answer = await (async () => {
    if (order.kind === "records") return importRecords(deps, ask, { ...order, fileName, bytes, importId, hold });
    const reading = await deps.files.log(bytes, order.columns);
    if (!reading.ok) return { ok: false as const, code: "INVALID" as const, text: reading.problem.text };
    const { process, recordType } = order;
    return importLog(deps, ask, { fileName, importId, reading, process, recordType, hold });
  })();
  // What is refused at the start says that nothing was imported, which is not so any more.
  if (!answer.ok && answer.code !== "DISK_FULL" && answer.code !== "UNAVAILABLE" && sofar && sofar.done > 0)
    return {
      ...answer,
      text: `Its process, its fields or its mapping have changed since, so it cannot go on. ${kept(sofar)}`,
    };
  return answer;
}

/** In one sentence: how far an import came that cannot go on, and what to do. */
function kept({ kind, done, total, mapping }: Row<"importJob">): string {
  if (kind === "log") return `${done} of ${total} cases are in. Take the import back and import the file again.`;
  const { recordType } = mapping as { recordType?: string };
  return recordType === "user"
    ? `${done} of ${total} rows are in. Import the file again: nobody is made twice.`
    : `${done} of ${total} rows are in. Take the import back and import the file again.`;
}

/**
 * Imports that were cut off and whose file is here: each is taken, and goes on behind. One whose file was here and is gone is stopped
 * with a sentence. On SQLite this is the only server, and what is held is held by one that died.
 */
export async function takeUpImports(around: Around & { clocks: Clocks }): Promise<void> {
  const { deps, uploads, background, serverClock, clocks } = around;
  const alone = deps.store.dialect === "sqlite";
  const now = serverClock.now();
  for (const row of await importsUnderWay(deps.store)) {
    const asked = readAsked(row.asked);
    if (!asked || background.has(row.id) || background.isLeaving()) continue;
    if (!alone && (row.heldUntil ?? 0) > now) continue;
    const file = await uploads.read(row.workspaceId, asked.upload);
    if (!file && asked.home !== (await uploads.home())) continue;
    const ask = { workspaceId: row.workspaceId, actor: asked.actor, now: clocks.of(row.workspaceId).now() };
    const hold = holdOf(around, { asked: row.asked!, lease: row.lease ?? 0, since: row.createdAt, sofar: row });
    // Another server, or the one that was thought dead, is faster.
    if (!(await writeJob(deps, ask, row.id, hold, () => held(row, hold)))) continue;
    const action: Action = asked.order.kind === "log" ? "log.import" : "records.import";
    if (!file)
      await stop(deps, ask, row, hold, `Its file is no longer on the server, so the import cannot go on. ${kept(row)}`);
    else if (!(await mayStill(deps.store, row.workspaceId, asked.memberId, action)))
      await stop(deps, ask, row, hold, `Whoever began it may not import any more, so it does not go on. ${kept(row)}`);
    else work(around, ask, { ...aboutOf(row), hold }, asked, file.bytes);
  }
}

const aboutOf = ({ id, kind, fileName, mapping }: Row<"importJob">): ImportAbout => ({
  id,
  kind: kind === "log" ? "log" : "records",
  fileName,
  mapping,
});

/** Whether somebody works at it, or will by itself. */
export function isUnderWay(
  { state, id, asked, heldUntil }: Row<"importJob">,
  { background, now, home }: { background: Background; now: number; home: string },
): boolean {
  if (state !== "running") return false;
  if (background.has(id)) return true;
  const read = readAsked(asked);
  return read !== null && (read.home === home || (heldUntil ?? 0) + holdMs > now);
}

async function stillHeld(
  deps: Deps,
  workspaceId: string,
  id: string,
  { lease }: Hold,
): Promise<Row<"importJob"> | null> {
  const row = await findImport(deps.store, workspaceId, id);
  return row?.lease === lease ? row : null;
}

const held = (row: Row<"importJob">, hold: Hold) => ({ ...row, lease: hold.lease + 1, heldUntil: hold.until() });

/** A file that takes long to read, or a piece that takes long to write, is no reason to take it over. */
async function beat(deps: Deps, workspaceId: string, id: string, hold: Hold): Promise<void> {
  await writeUnder(deps, { workspaceId, id }, hold, async () => {
    const row = await stillHeld(deps, workspaceId, id, hold);
    const importJob = row?.state === "running" ? [held(row, hold)] : [];
    return [bareSet(workspaceId, { importJob })];
  });
}

/** Whoever comes next need not wait. */
async function letGo(deps: Deps, ask: Ask, row: Row<"importJob"> | null, hold: Hold): Promise<void> {
  if (row?.state === "running")
    await writeJob(deps, ask, row.id, hold, () => ({ ...held(row, hold), heldUntil: null }));
}

/** The sentence stands first among the problems; what was counted before it stays. */
async function stop(deps: Deps, ask: Ask, row: Row<"importJob"> | null, hold: Hold, text: string): Promise<void> {
  if (!row) return;
  const problems = [{ row: 0, text }, ...(Array.isArray(row.problems) ? (row.problems as RowProblem[]) : [])];
  const over = { state: "stopped", endedAt: ask.now, asked: null, problems };
  await writeJob(deps, ask, row.id, hold, () => ({ ...held(row, hold), ...over, heldUntil: null }));
}
