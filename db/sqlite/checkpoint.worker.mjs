// Copies the write-ahead log into the database every 200 ms, off the writer: checkpoints are what slow commands notice.
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";

const db = new Database(workerData.file);
db.pragma("busy_timeout = 0");
const copying = setInterval(() => {
  try {
    db.pragma("wal_checkpoint(PASSIVE)");
  } catch (error) {
    // The writer is busy: the next tick tries again. A disk that fails is another matter, and no second try makes it well.
    if (!String(error.code).startsWith("SQLITE_IOERR")) return;
    clearInterval(copying);
    parentPort.postMessage({ code: error.code, text: error.message });
  }
}, 200);
