// Copies the write-ahead log into the database every 200 ms, off the writer: checkpoints are what slow commands notice.
import { workerData } from "node:worker_threads";
import Database from "better-sqlite3";

const db = new Database(workerData.file);
db.pragma("busy_timeout = 0");
setInterval(() => {
  try {
    db.pragma("wal_checkpoint(PASSIVE)");
  } catch {
    // the writer is busy: the next tick tries again
  }
}, 200);
