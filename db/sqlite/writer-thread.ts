/** The writer's face on this side of its thread, and the same face where it has none. */
import { Worker } from "node:worker_threads";
import type { Row, Store } from "../store.ts";
import type { Script } from "./script.ts";
import type { Outcome, SqliteWriter } from "./writer.ts";

type Which = NonNullable<Parameters<Store["claimJobs"]>[3]>;

export type ToWriter =
  | { do: "write"; script: Script }
  | { do: "abandon" }
  | { do: "end"; id: number; script: Script }
  | { do: "claim"; id: number; now: number; most: number; holdMs: number; which: Which }
  | { do: "finish"; id: number; ended: Parameters<Store["finishJobs"]>[0] }
  | { do: "backup"; id: number; to: string }
  | { do: "close"; id: number };
export type FromWriter = { id: number; value: unknown } | { id: number; error: { code: string; message: string } };

export type Writer = {
  write(script: Script): void;
  abandon(): void;
  end(script: Script): Promise<Outcome>;
  claim(now: number, most: number, holdMs: number, which: Which): Promise<Row<"job">[]>;
  finish(ended: Parameters<Store["finishJobs"]>[0]): Promise<void>;
  backup(to: string): Promise<void>;
  close(): Promise<void>;
};

/** Errors become rejections, as they are behind a thread. */
export const writerHere = (writer: SqliteWriter): Writer => ({
  write: writer.write,
  abandon: writer.abandon,
  end: async (script) => writer.end(script),
  claim: async (now, most, holdMs, which) => writer.claim(now, most, holdMs, which),
  finish: async (ended) => writer.finish(ended),
  backup: writer.backup,
  close: async () => {},
});

/** `onDeath`: the thread itself has failed, and with it everything that waits for an answer. */
export function writerThread(file: string, onDeath: (error: Error) => void): Writer {
  const worker = new Worker(threadFile(), { workerData: { file } });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let dead: Error | null = null;
  const die = (error: Error) => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
    onDeath(dead);
  };
  worker.on("message", (reply: FromWriter) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ("error" in reply) one?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
    else one?.resolve(reply.value);
  });
  worker.on("error", die);
  worker.on("exit", () => {
    if (waiting.size) die(new Error("the writing thread has ended"));
  });
  // Whoever waits for nothing may end; whoever waits for a commit may not.
  worker.unref();
  const send = (message: ToWriter) => worker.postMessage(message);
  const ask = <T>(message: (id: number) => ToWriter): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      if (dead) return reject(dead);
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      worker.ref();
      send(message(id));
    }) as Promise<T>;
  return {
    write: (script) => send({ do: "write", script }),
    abandon: () => send({ do: "abandon" }),
    end: (script) => ask((id) => ({ do: "end", id, script })),
    claim: (now, most, holdMs, which) => ask((id) => ({ do: "claim", id, now, most, holdMs, which })),
    finish: (ended) => ask((id) => ({ do: "finish", id, ended })),
    backup: (to) => ask((id) => ({ do: "backup", id, to })),
    close: async () => {
      await ask((id) => ({ do: "close", id }));
      await worker.terminate();
    },
  };
}

/** Beside the built server, or the source as it stands. */
const threadFile = (): URL =>
  new URL(
    import.meta.url.endsWith(".ts") ? "./writing.from-source.mjs" : "./sqlite/writing.thread.js",
    import.meta.url,
  );
