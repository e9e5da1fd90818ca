import { commandLoop } from "@/server/commands/command-loop.ts";
import { importLog, pieceSize } from "@/server/commands/import-log.ts";
import { undoLogImport } from "@/server/commands/undo-log-import.ts";
import { fileLimits } from "@/server/interop/limits.ts";
import { readLog } from "@/server/interop/read-log.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { idMaker } from "@/server/runtime/ids.ts";
import { cutOffSentence, progress } from "./import-progress.ts";
import { openWorkspace } from "./open-workspace.ts";
import { readNamedFile } from "./read-file.ts";
import type { Outcome, Verb } from "./verb.ts";

export const verb: Verb = {
  usage:
    "import log FILE [--process KEY] [--type TYPE] [--case COLUMN] [--activity COLUMN] [--time COLUMN] [--start COLUMN] [--resource COLUMN] [--lifecycle COLUMN] [--clock instant|written] | import log --undo ID [--json]",
  about:
    "Import an event log (XES or CSV, plain or gzip) as the history of a process; without --process one is discovered. --undo takes an import back.",
  flags: ["process", "type", "case", "activity", "time", "start", "resource", "lifecycle", "clock", "undo"],
  arguments: { least: 0, most: 1 },
  async run({ files: [file], flags }, tell): Promise<Outcome> {
    if (!file && !flags.undo) return { refused: "Say which file to import." };
    const read = flags.undo ? null : await readFileAsLog(file ?? "", flags);
    if (read && "refused" in read) return read;
    const opened = await openWorkspace();
    if (!opened.ok) return { refused: opened.text };
    const { store, contexts, workspaceId } = opened;
    const deps = { store, contexts, loop: commandLoop({ store, contexts }), newId: idMaker(machineClock.now) };
    const ask = {
      workspaceId,
      actor: { kind: "import" as const, id: "cli" },
      now: opened.clocks.of(workspaceId).now(),
    };
    try {
      if (flags.undo) {
        const undone = await undoLogImport(deps, ask, flags.undo);
        if (!undone.ok) return { refused: undone.text };
        return {
          data: undone,
          text: `${undone.removed} cases removed, ${undone.kept} records left as somebody has changed them since${undone.retired ? "; the process made of the log is retired" : ""}.`,
        };
      }
      const importId = deps.newId("imp");
      const answer = await importLog(deps, ask, {
        fileName: file ?? "",
        reading: read!.reading,
        process: flags.process,
        recordType: flags.type,
        importId,
        onProgress: progress(tell, {
          pieceSize,
          what: "cases",
          begun: (total) => `Import ${importId}: ${total} cases. ${cutOffSentence("log", importId)}`,
        }),
      });
      if (!answer.ok) return { refused: answer.text };
      const lines = answer.problems.slice(0, 20).map((p) => `row ${p.row}: ${p.text}`);
      const day = (at: number) => new Date(at).toISOString().slice(0, 10);
      return {
        data: answer,
        text: [
          `${answer.cases} cases (${answer.open} still open) with ${answer.visits} visits, ${day(answer.from)} to ${day(answer.to)}, imported as the history of ${answer.process} version ${answer.version}; ${answer.failed} rows left out. Import ${answer.importId}.`,
          ...lines,
        ].join("\n"),
      };
    } finally {
      await deps.loop.idle();
      await store.close();
    }
  },
};

async function readFileAsLog(file: string, flags: Readonly<Record<string, string>>) {
  const bytes = await readNamedFile(file, fileLimits.packedBytes);
  if (!bytes.ok) return { refused: bytes.text };
  const columns = Object.fromEntries(
    (["case", "activity", "time", "start", "resource", "lifecycle"] as const).flatMap((role) =>
      flags[role] === undefined ? [] : [[role, flags[role]]],
    ),
  );
  const { clock = "instant" } = flags;
  if (clock !== "instant" && clock !== "written")
    return { refused: "--clock takes instant (offsets are converted) or written (the digits as they stand)." };
  const reading = await readLog(bytes.bytes, columns, { clock });
  return reading.ok ? { reading } : { refused: reading.problem.text };
}
