import { SaxesParser } from "saxes";
import { type Clock } from "../instant.ts";
import { type FileLimits, fileLimits } from "../limits.ts";
import { type LogProgress, type LogResult } from "../log.ts";
import { type Problem, refuse } from "../problem.ts";
import { type FileBytes, type Progress, unpack } from "../unpack.ts";
import { decodeXml } from "./decode-xml.ts";
import { guardXml } from "./guard-xml.ts";
import { createXesReader } from "./xes-elements.ts";

export type XesOptions = {
  clock?: Clock;
  limits?: Partial<FileLimits>;
  onProgress?: LogProgress;
  /** Event attributes whose values, joined by +, name the activity; `concept:name` if not given. */
  activity?: readonly string[];
};

/**
 * Reads an XES log (plain or gzip) as it streams in; beside the log itself memory holds one piece of text. A DOCTYPE,
 * XML past the caps, or an unreadable element refuse the whole file with line and reason; an event without a readable time or
 * name is left out and told.
 */
export async function readXes(source: FileBytes, options: XesOptions = {}): Promise<LogResult> {
  const limits = { ...fileLimits, ...options.limits };
  const progress: Progress = { bytesRead: 0 };
  const text = decodeXml(unpack(source, limits, progress));
  const parser = new SaxesParser({ xmlns: false, position: true });
  const guard = guardXml(parser);
  const reader = createXesReader(parser, guard, {
    clock: options.clock ?? "instant",
    activity: options.activity,
    rows: limits.rows,
  });

  let end: Problem | undefined;
  for (;;) {
    const next = await text.next();
    if (next.done) {
      end = next.value;
      break;
    }
    guard.write(next.value);
    if (guard.stopped()) break;
    options.onProgress?.({ bytesRead: progress.bytesRead, events: reader.log.events.length });
  }
  if (!guard.stopped() && !end) guard.close();
  const problem = guard.stopped() ?? end;
  await text.return(undefined);
  if (problem) return { ok: false, problem };
  if (!reader.sawLog())
    return refuse("not_xes", "The file is XML but not an event log (it has no <log>). Nothing was imported.");
  if (reader.log.events.length === 0)
    return refuse(
      "no_events",
      `The log has no event that could be read. Nothing was imported.${reader.found.problems[0] ? ` The first one: ${reader.found.problems[0].text}` : ""}`,
    );
  return {
    ok: true,
    log: reader.log,
    rows: reader.rows(),
    problems: reader.found.problems,
    problemCounts: reader.found.counts,
    notices: reader.notices,
  };
}
