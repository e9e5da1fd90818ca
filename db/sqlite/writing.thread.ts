/** The writer in a thread of its own: the server goes on deciding and answering while the disk is written and synced. */
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { sqliteWriter, writerPragmas } from "./writer.ts";
import type { ToWriter, FromWriter } from "./writer-thread.ts";

const db = new Database((workerData as { file: string }).file);
// Checkpoints are another thread's.
for (const pragma of [...writerPragmas, "wal_autocheckpoint = 0"]) db.pragma(pragma);
const writer = sqliteWriter(db);

parentPort!.on("message", (asked: ToWriter) => {
  if (asked.do === "write") return writer.write(asked.script);
  if (asked.do === "abandon") return writer.abandon();
  void answer(asked);
});

async function answer(asked: Exclude<ToWriter, { do: "write" | "abandon" }>): Promise<void> {
  const { id } = asked;
  let reply: FromWriter;
  try {
    reply = { id, value: await perform(asked) };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    reply = { id, error: { code: code ?? "", message } };
  }
  parentPort!.postMessage(reply);
}

function perform(asked: Exclude<ToWriter, { do: "write" | "abandon" }>): unknown {
  switch (asked.do) {
    case "end":
      return writer.end(asked.script);
    case "claim":
      return writer.claim(asked.now, asked.most, asked.holdMs, asked.which);
    case "finish":
      return writer.finish(asked.ended);
    case "backup":
      return writer.backup(asked.to);
    case "close":
      return db.close();
    default:
      return asked satisfies never;
  }
}
