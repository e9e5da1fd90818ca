import { readFile } from "node:fs/promises";
import { commandLoop } from "@/server/commands/command-loop.ts";
import { importRecords } from "@/server/commands/import-records.ts";
import { pieceSize } from "@/server/commands/import-pieces.ts";
import { undoImport } from "@/server/commands/undo-import.ts";
import type { Mapping } from "@/server/interop/csv/mapping.ts";
import { mappingSchema } from "@/server/interop/csv/mapping-schema.ts";
import { presetFor, presets } from "@/server/interop/csv/presets.ts";
import { readCsv } from "@/server/interop/csv/read-csv.ts";
import { inThisThread } from "@/server/interop/file-reader.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { idMaker } from "@/server/runtime/ids.ts";
import { againSentence, cutOffSentence, progress } from "./import-progress.ts";
import { openWorkspace } from "./open-workspace.ts";
import type { Outcome, Verb } from "./verb.ts";

export const verb: Verb = {
  usage:
    "import records FILE [--type TYPE] [--map PRESET|FILE.json] [--start PROCESS [--when FEEL]] | import records --undo ID [--json]",
  about: "Import a CSV table as records. Rows that do not fit are left out and named; --undo takes an import back.",
  flags: ["type", "map", "start", "when", "undo"],
  arguments: { least: 0, most: 1 },
  async run({ files: [file], flags }, tell): Promise<Outcome> {
    if (!file && !flags.undo) return { refused: "Say which file to import." };
    const mapping = flags.undo ? null : await mappingOf(file ?? "", flags);
    if (typeof mapping === "string") return { refused: mapping };
    const opened = await openWorkspace();
    if (!opened.ok) return { refused: opened.text };
    const { store, contexts, workspaceId } = opened;
    const deps = {
      store,
      contexts,
      loop: commandLoop({ store, contexts }),
      newId: idMaker(machineClock.now),
      files: inThisThread,
    };
    const ask = {
      workspaceId,
      actor: { kind: "import" as const, id: "cli" },
      now: opened.clocks.of(workspaceId).now(),
    };
    try {
      if (flags.undo) {
        const undone = await undoImport(deps, ask, flags.undo);
        if (!undone.ok) return { refused: undone.text };
        return {
          data: undone,
          text: `${undone.removed} records removed, ${undone.restored} put back, ${undone.kept} left as somebody has changed them since, ${undone.cancelled} runs cancelled.`,
        };
      }
      const importId = deps.newId("imp");
      const { recordType } = mapping as Mapping;
      const answer = await importRecords(deps, ask, {
        fileName: file ?? "",
        bytes: await readFile(file ?? ""),
        mapping: mapping as Mapping,
        importId,
        onProgress: progress(tell, {
          pieceSize,
          what: "rows",
          begun: (total) =>
            `Import ${importId}: ${total} rows. ${recordType === "user" ? againSentence : cutOffSentence("records", importId)}`,
        }),
        start: flags.start,
        startWhen: flags.when,
      });
      if (!answer.ok) return { refused: answer.text };
      const lines = answer.problems.slice(0, 20).map((p) => `row ${p.row}: ${p.text}`);
      return {
        data: answer,
        text: [
          `${answer.total} rows: ${answer.created} created, ${answer.updated} updated, ${answer.failed} left out, ${answer.started} runs started. Import ${answer.importId}.`,
          ...lines,
        ].join("\n"),
      };
    } finally {
      await deps.loop.idle();
      await store.close();
    }
  },
};

function readMapping(file: string, text: string): Mapping | string {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    return `${file} is not JSON. Nothing was imported.`;
  }
  const read = mappingSchema.safeParse(written);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  return `${file} is not a mapping: ${issue?.path.join(".") || "the file"}: ${issue?.message ?? "unknown"}. Nothing was imported.`;
}

/** A preset by name, a file of ours, or the preset that fits the columns. A sentence when there is none. */
async function mappingOf(file: string, flags: Readonly<Record<string, string>>): Promise<Mapping | string> {
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) return `${file} cannot be read. Nothing was imported.`;
  const named = presets.find((p) => p.key === flags.map);
  if (named) return named;
  if (flags.map) {
    const text = await readFile(flags.map, "utf8").catch(() => null);
    if (text === null)
      return `There is no mapping ${flags.map}: name a preset (${presets.map((p) => p.key).join(", ")}) or a JSON file.`;
    return readMapping(flags.map, text);
  }
  const table = await readCsv(bytes);
  if (!table.ok) return table.problem.text;
  const fitting = presetFor(table.columns);
  return fitting && (!flags.type || fitting.recordType === flags.type)
    ? fitting
    : "No saved mapping fits these columns. Say --map with a preset or a JSON file.";
}
