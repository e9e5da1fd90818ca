import { gunzipSync } from "node:zlib";
import type { LogColumns } from "./csv/log-columns.ts";
import { readLogCsv } from "./csv/read-log-csv.ts";
import type { Clock } from "./instant.ts";
import type { LogProgress, LogResult } from "./log.ts";
import { readXes } from "./xes/read-xes.ts";

/**
 * Reads an event log, whatever of the two forms it is: XES (XML) or a table of events; plain or gzip. What the first
 * bytes are decides, not the file's name. `clock`: what a time with an offset means.
 */
export function readLog(
  bytes: Uint8Array,
  columns: Partial<LogColumns> = {},
  options: { clock?: Clock; onProgress?: LogProgress } = {},
): Promise<LogResult> {
  return isXml(bytes) ? readXes(bytes, options) : readLogCsv(bytes, columns, options);
}

/** True when the first thing in the file is a tag. */
export function isXml(bytes: Uint8Array): boolean {
  const start = bytes[0] === 0x1f && bytes[1] === 0x8b ? firstUnpacked(bytes) : bytes.subarray(0, 256);
  // UTF-16 has a zero beside each of these letters.
  const text = Buffer.from(start.filter((byte) => byte !== 0)).toString("latin1");
  return /^[\s\u00ef\u00bb\u00bf\u00fe\u00ff]*</.test(text);
}

/** The first letters of a gzip; none when it is damaged, which its reader then says. */
function firstUnpacked(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, 4096), { finishFlush: 2 }).subarray(0, 256);
  } catch {
    return new Uint8Array();
  }
}
