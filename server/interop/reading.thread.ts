/** Reads one file in a thread of its own: first what is known of it at once, then a piece each time it is asked for one. */
import { parentPort, workerData } from "node:worker_threads";
import { readCsv } from "./csv/read-csv.ts";
import type { ReadingOrder } from "./read-apart.ts";
import { readLog } from "./read-log.ts";

const eventsAPiece = 5_000;

const pieces = read(workerData as ReadingOrder);
parentPort!.on("message", () => void pieces.next().then((piece) => parentPort!.postMessage(piece)));

async function* read(order: ReadingOrder): AsyncGenerator<unknown> {
  if (order.form === "csv") {
    const file = await readCsv(order.bytes);
    if (!file.ok) return yield file;
    const { pieces: rows, ...head } = file;
    yield head;
    yield* rows;
  } else {
    const reading = await readLog(order.bytes, order.columns);
    if (!reading.ok) return yield reading;
    const { log, ...head } = reading;
    yield { ...head, cases: log.cases };
    for (let at = 0; at < log.events.length; at += eventsAPiece) yield log.events.slice(at, at + eventsAPiece);
  }
}
