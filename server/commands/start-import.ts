/** An import as a person on a screen starts it: it is answered at once, goes on behind, and says itself how it ended. */
import { findImport } from "@/db/queries/imports.ts";
import type { Refusal } from "@/server/engine/model.ts";
import type { LogColumns } from "@/server/interop/csv/log-columns.ts";
import type { Mapping } from "@/server/interop/csv/mapping.ts";
import type { Background } from "@/server/runtime/background.ts";
import type { Upload, Uploads } from "@/server/runtime/uploads.ts";
import type { Ask, Deps, FileDeps } from "./deps.ts";
import { type ImportAbout, jobRow, writeJob } from "./import-job.ts";
import { importLog } from "./import-log.ts";
import { importRecords } from "./import-records.ts";

export type ImportOrder =
  | {
      kind: "records";
      mapping: Mapping;
      start?: string | undefined;
      startWhen?: string | undefined;
      startRows?: readonly number[] | undefined;
      expected?: number | undefined;
    }
  | {
      kind: "log";
      columns: Partial<LogColumns>;
      process?: string | undefined;
      recordType?: string | undefined;
      expected?: number | undefined;
    };

type Around = { deps: FileDeps; uploads: Uploads; background: Background };

/** Answers the import's id; its row is there from the first moment on. The uploaded file goes when all of it is in. */
export async function startImport(
  { deps, uploads, background }: Around,
  ask: Ask,
  upload: Upload & { bytes: Uint8Array },
  order: ImportOrder,
): Promise<{ ok: true; id: string }> {
  const id = deps.newId("imp");
  const { fileName, bytes } = upload;
  const about: ImportAbout = {
    id,
    kind: order.kind,
    fileName,
    mapping:
      order.kind === "log"
        ? { process: order.process ?? "", recordType: "", madeProcess: false }
        : { recordType: order.mapping.recordType },
  };
  const none = { total: order.expected ?? 0, done: 0, created: 0, updated: 0, failed: 0, started: 0 };
  await writeJob(deps, jobRow(ask, about, "running", none, []));
  background.run(id, async () => {
    try {
      const answer = await carryOut(deps, ask, { fileName, bytes, importId: id }, order);
      if (answer.ok) await uploads.remove(upload.id);
      else await stopped(deps, ask, about, answer.text);
    } catch (error) {
      const known = error instanceof Error && "code" in error && error.code === "DISK_FULL";
      await stopped(
        deps,
        ask,
        about,
        known
          ? error.message
          : "Something went wrong on the server. What was imported before it is in and can be taken back.",
      );
      throw error;
    }
  });
  return { ok: true, id };
}

async function carryOut(
  deps: FileDeps,
  ask: Ask,
  file: { fileName: string; bytes: Uint8Array; importId: string },
  order: ImportOrder,
): Promise<{ ok: true } | Refusal> {
  if (order.kind === "records") {
    const { mapping, start, startWhen, startRows } = order;
    return importRecords(deps, ask, { ...file, mapping, start, startWhen, startRows });
  }
  const reading = await deps.files.log(file.bytes, order.columns);
  if (!reading.ok) return { ok: false, code: "INVALID", text: reading.problem.text };
  const { process, recordType } = order;
  return importLog(deps, ask, { fileName: file.fileName, importId: file.importId, reading, process, recordType });
}

/** The sentence stands first among the problems; what was counted before it stays. */
async function stopped(deps: Deps, ask: Ask, about: ImportAbout, text: string): Promise<void> {
  const row =
    (await findImport(deps.store, ask.workspaceId, about.id)) ??
    jobRow(ask, about, "stopped", { total: 0, done: 0, created: 0, updated: 0, failed: 0, started: 0 }, []);
  const problems = Array.isArray(row.problems) ? row.problems : [];
  await writeJob(deps, { ...row, state: "stopped", endedAt: ask.now, problems: [{ row: 0, text }, ...problems] });
}
