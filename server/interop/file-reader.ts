import { type LogColumns } from "./csv/log-columns.ts";
import { type CsvFile, readCsv } from "./csv/read-csv.ts";
import { type LogResult } from "./log.ts";
import { type Refused } from "./problem.ts";
import { readLog } from "./read-log.ts";

/** How files that people hand in are read: in this thread (a command of its own), or apart from it (a server that others wait for). */
export type FileReader = {
  csv(bytes: Uint8Array): Promise<CsvFile | Refused>;
  log(bytes: Uint8Array, columns: Partial<LogColumns>): Promise<LogResult>;
};

export const inThisThread: FileReader = {
  csv: (bytes) => readCsv(bytes),
  log: (bytes, columns) => readLog(bytes, columns),
};
