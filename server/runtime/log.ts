/** The log: one JSON line an entry, and only fields from this list, so that no secret or personal value can slip in. */
import pino from "pino";

export type LogFields = {
  id?: string;
  code?: string;
  status?: number;
  method?: string;
  path?: string;
  workspaceId?: string;
  memberId?: string;
  runId?: string;
  process?: string;
  version?: number | string;
  node?: string;
  action?: string;
  kind?: string;
  count?: number;
  ms?: number;
  port?: number;
  text?: string;
  error?: unknown;
};
export type Log = Record<"info" | "warn" | "error", (what: string, fields?: LogFields) => void>;

const allowed: readonly (keyof LogFields)[] = [
  "id",
  "code",
  "status",
  "method",
  "path",
  "workspaceId",
  "memberId",
  "runId",
  "process",
  "version",
  "node",
  "action",
  "kind",
  "count",
  "ms",
  "port",
  "text",
];

/** Writes to stderr, so that stdout stays for people and for `--json`. Levels: "silent" | "error" | "warn" | "info". */
export function openLog(level: string, write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  const out = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  const entry = (fields: LogFields = {}) => {
    const kept: Record<string, unknown> = {};
    for (const name of allowed) if (fields[name] !== undefined) kept[name] = fields[name];
    if (fields.error !== undefined) kept["error"] = describe(fields.error);
    return kept;
  };
  return {
    info: (what, fields) => out.info(entry(fields), what),
    warn: (what, fields) => out.warn(entry(fields), what),
    error: (what, fields) => out.error(entry(fields), what),
  };
}

/** Class, code and stack; of a database error not its parameters, which hold people's data. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 500) };
  const code = "code" in error ? String(error.code) : undefined;
  const message = error.message.split("\nparams:")[0]?.slice(0, 1000);
  const frames = error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12);
  return { name: error.name, code, message, frames, cause: error.cause ? describe(error.cause) : undefined };
}
