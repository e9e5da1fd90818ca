/** The one place where a refusal becomes an HTTP answer. The body always carries `{ code, text, id }`. */
import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import type { Plain, Refusal, RefusalCode, Values } from "@/server/engine/model.ts";
import type { Say } from "@/server/wording/translator.ts";

type Code = RefusalCode | "SIGN_IN" | "INTERNAL";

const httpOf: Record<Code, TRPC_ERROR_CODE_KEY> = {
  SIGN_IN: "UNAUTHORIZED",
  NOT_ALLOWED: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  CONFLICT: "CONFLICT",
  ALREADY_RUNNING: "CONFLICT",
  LOCKED: "CONFLICT",
  RUN_OVER: "CONFLICT",
  UNDO_REFUSED: "CONFLICT",
  IDEMPOTENCY_MISMATCH: "CONFLICT",
  INVALID: "BAD_REQUEST",
  MISSING_FIELDS: "BAD_REQUEST",
  UNSOUND: "BAD_REQUEST",
  EXPIRED: "BAD_REQUEST",
  TOO_LARGE: "PAYLOAD_TOO_LARGE",
  BUSY: "TOO_MANY_REQUESTS",
  DISK_FULL: "SERVICE_UNAVAILABLE",
  UNAVAILABLE: "SERVICE_UNAVAILABLE",
  INTERNAL: "INTERNAL_SERVER_ERROR",
};

export type ErrorBody = { code: Code; text: string; id: string; details?: Values | undefined };

/** A refusal on its way out of a procedure: its code and sentence reach the caller as they are. */
export const refusalError = (refusal: { code: Code; text: string; details?: Values | undefined }): TRPCError =>
  new TRPCError({
    code: httpOf[refusal.code],
    message: refusal.text,
    cause: Object.assign(new Error(refusal.text), {
      refusal: { code: refusal.code, text: refusal.text, details: refusal.details },
    }),
  });

/** Hands the value of an answer on, or ends the procedure with its refusal. */
export function orRefuse<T extends { ok: true }>(answer: T | Refusal): T {
  if (answer.ok) return answer;
  throw refusalError(answer);
}

/** A foreign id answers exactly like an absent one: both end here. `what` reads "This record". */
export function orAbsent<T>(found: T | null | undefined, what: string): T {
  if (found !== null && found !== undefined) return found;
  throw refusalError({ code: "NOT_FOUND", text: `${what} does not exist, or you may not see it.` });
}

/** What the caller is told. Anything that is not a refusal is ours to mend: the caller gets an id, the log the details. */
export function errorBody(error: TRPCError, id: string): ErrorBody {
  const refusal = refusalIn(error.cause);
  if (refusal) return { ...refusal, id };
  if (error.code === "BAD_REQUEST" || error.code === "PARSE_ERROR")
    return { code: "INVALID", text: readableInput(error), id };
  if (error.code === "NOT_FOUND" || error.code === "METHOD_NOT_SUPPORTED")
    return { code: "NOT_FOUND", text: "There is nothing at this address.", id };
  if (error.code === "PAYLOAD_TOO_LARGE")
    return { code: "TOO_LARGE", text: "The request is too large, so nothing was read. Send less at a time.", id };
  return {
    code: "INTERNAL",
    text: "Something went wrong on the server. What was saved before is kept. Try again; if it stays, give this id to whoever runs the server.",
    id,
  };
}

/** The same in the reader's language, and so what goes with it field by field, problem by problem. */
export function saidTo({ text, details, ...body }: ErrorBody, say: Say): ErrorBody {
  const said = Object.entries(details ?? {}).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map((one) => saidEntry(one, say)) : value,
  ]);
  return { ...body, text: say(text), details: details && (Object.fromEntries(said) as Values) };
}

const saidEntry = (entry: Plain, say: Say): Plain =>
  typeof entry === "object" && entry !== null && !Array.isArray(entry) && typeof entry.text === "string"
    ? { ...entry, text: say(entry.text) }
    : entry;

function refusalIn(cause: unknown): Omit<ErrorBody, "id"> | null {
  if (typeof cause !== "object" || cause === null) return null;
  return "refusal" in cause ? (cause.refusal as Omit<ErrorBody, "id">) : null;
}

/** zod's first complaint with the place it is about. */
function readableInput(error: TRPCError): string {
  const cause: unknown = error.cause;
  const issue =
    typeof cause === "object" && cause !== null && "issues" in cause && Array.isArray(cause.issues)
      ? (cause.issues[0] as { path?: unknown[]; message?: string } | undefined)
      : undefined;
  if (!issue) return "The request cannot be read. Nothing was changed.";
  const place = issue.path?.length ? ` at ${issue.path.join(".")}` : "";
  return `The request is not valid${place}: ${issue.message ?? "unknown"}. Nothing was changed.`;
}
