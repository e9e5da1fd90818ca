/**
 * Files read in a thread of their own, with a limit of memory and of time: whatever is in a file, it cannot take the server's
 * memory, and nobody else waits while it is read (guarantee D14).
 */
import { Worker } from "node:worker_threads";
import type { LogColumns } from "./csv/log-columns.ts";
import type { CsvFile, CsvPiece } from "./csv/read-csv.ts";
import type { FileReader } from "./file-reader.ts";
import type { LogEvent, LogReading } from "./log.ts";
import { type Problem, type Refused } from "./problem.ts";

export type ReadingOrder =
  | { form: "csv"; bytes: Uint8Array }
  | { form: "log"; bytes: Uint8Array; columns: Partial<LogColumns> };

export type ReadingLimits = {
  /** Of the thread's heap. */
  memoryMb: number;
  /** For one piece; the whole of a log is read before its first. */
  pieceMs: number;
  /** Until a file that nobody goes on reading is let go of. */
  idleMs: number;
};

const usual: ReadingLimits = { memoryMb: 1_024, pieceMs: 120_000, idleMs: 600_000 };

export function readApart(limits: Partial<ReadingLimits> = {}): FileReader {
  const held = { ...usual, ...limits };
  return {
    async csv(bytes) {
      const thread = new Reading({ form: "csv", bytes }, held);
      const head = (await thread.next()) as Omit<CsvFile, "pieces"> | Refused | Stopped;
      if (isStopped(head)) return { ok: false, problem: head.stopped };
      if (head.ok) return { ...head, pieces: csvPieces(thread) };
      thread.end();
      return head;
    },
    async log(bytes, columns) {
      const thread = new Reading({ form: "log", bytes, columns }, held);
      try {
        const head = (await thread.next()) as
          | (Omit<LogReading, "log"> & { cases: LogReading["log"]["cases"] })
          | Refused
          | Stopped;
        if (isStopped(head)) return { ok: false, problem: head.stopped };
        if (!head.ok) return head;
        const events: LogEvent[] = [];
        for (;;) {
          const piece = (await thread.next()) as LogEvent[] | Stopped | undefined;
          if (!piece) break;
          if (isStopped(piece)) return { ok: false, problem: piece.stopped };
          for (const event of piece) events.push(event);
        }
        const { cases, ...rest } = head;
        return { ...rest, log: { events, cases } };
      } finally {
        thread.end();
      }
    },
  };
}

async function* csvPieces(thread: Reading): AsyncGenerator<CsvPiece> {
  try {
    for (;;) {
      const piece = (await thread.next()) as CsvPiece | Stopped | undefined;
      if (!piece) return;
      if (isStopped(piece)) return yield { type: "refused", problem: piece.stopped };
      yield piece;
    }
  } finally {
    thread.end();
  }
}

type Stopped = { stopped: Problem };
const isStopped = (piece: object): piece is Stopped => "stopped" in piece;

const tooMuchMemory: Problem = {
  code: "too_much_memory",
  text: "The file takes more memory to read than a file may. Nothing was imported; split it into smaller files.",
};
const tooSlow: Problem = {
  code: "too_slow",
  text: "The file takes longer to read than a file may. Nothing was imported; split it into smaller files.",
};
const letGo: Problem = { code: "too_slow", text: "The file was not read on for too long. Start the import again." };

/** One thread and the piece that is waited for. */
class Reading {
  private readonly worker: Worker;
  private over: Problem | null = null;
  private failure: Error | null = null;
  private wake: ((piece: unknown) => void) | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    order: ReadingOrder,
    private readonly limits: ReadingLimits,
  ) {
    const memory = { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 64 };
    this.worker = new Worker(threadFile(), { workerData: order, resourceLimits: memory });
    this.worker.unref();
    this.worker.on("message", (piece: IteratorResult<unknown, unknown>) =>
      this.answer(piece.done ? undefined : piece.value),
    );
    this.worker.on("error", (error) => {
      if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") this.over = tooMuchMemory;
      else this.failure = error;
      this.answer(this.over && { stopped: this.over });
    });
  }

  /** The next piece, `undefined` after the last. */
  async next(): Promise<unknown> {
    clearTimeout(this.timer);
    if (!this.over && !this.failure) {
      const piece = await new Promise<unknown>((resolve) => {
        this.wake = resolve;
        this.worker.ref();
        this.worker.postMessage(null);
        this.timer = setTimeout(() => this.stop(tooSlow), this.limits.pieceMs);
      });
      clearTimeout(this.timer);
      this.worker.unref();
      if (!this.failure) {
        this.timer = setTimeout(() => this.stop(letGo), this.limits.idleMs).unref();
        return piece;
      }
    }
    if (this.failure) throw this.failure;
    return { stopped: this.over! };
  }

  end(): void {
    clearTimeout(this.timer);
    void this.worker.terminate();
  }

  private answer(piece: unknown): void {
    this.wake?.(piece);
    this.wake = null;
  }

  private stop(why: Problem): void {
    this.over = why;
    this.end();
    this.answer({ stopped: why });
  }
}

/** Beside the built server, or the source as it stands. */
const threadFile = (): URL =>
  new URL(
    import.meta.url.endsWith(".ts") ? "./reading.from-source.mjs" : "./interop/reading.thread.js",
    import.meta.url,
  );
