/**
 * Calls and messages that leave the house: what is asked of the other side, worked out here so that it stands in the log and can
 * be shown without sending it; and what an answer is written to. Secrets are no part of it: who sends adds them.
 */
import type { Done, Place } from "./actions.ts";
import { parseTarget } from "./calendar/calendar-target.ts";
import type { CallTerms } from "./events.ts";
import { partsOfText } from "./expression/text.ts";
import { textOf, toFeel } from "./expression/index.ts";
import type { Plain } from "./model.ts";
import type { Action } from "./process.ts";
import { writeField } from "./records.ts";
import { type Turn, evaluate, plainOf, primary, request } from "./turn.ts";

type CallAction = Extract<Action, { verb: "http" | "connector" | "chat" }>;

const failed = (code: string, text: string): Done => ({ done: false, waits: false, code, text });

/**
 * Asks for it. `http` and `connector` wait for their answer where a token stands at the action (`once` names the place); what an SLA
 * asks for, and every chat message, leaves without anybody waiting.
 */
export function callOut(turn: Turn, action: CallAction, place: Place, once: string | null): Done {
  const waits = once !== null && place.token !== null && action.verb !== "chat";
  const terms = termsOf(turn, action, place, once, !waits);
  if (typeof terms === "string") return failed("BAD_RETRY", terms);
  switch (action.verb) {
    case "chat": {
      const text = rendered(turn, action.text, place, (value) => value);
      if (!text.ok) return failed("VALUE_FAILED", text.text);
      request(turn, { kind: "chat", connection: action.connection, text: text.value, ...terms });
      break;
    }
    case "connector":
      request(
        turn,
        {
          kind: "connector",
          connector: action.connector,
          operation: action.operation ?? "",
          values: primary(turn)?.values ?? {},
          ...terms,
        },
        waits ? place.token : null,
      );
      break;
    case "http": {
      const url = rendered(turn, action.url, place, encodeURIComponent);
      if (!url.ok) return failed("VALUE_FAILED", url.text);
      const headers: Record<string, string> = {};
      for (const [name, text] of Object.entries(action.headers ?? {})) {
        const value = rendered(turn, text, place, (one) => one.replaceAll(/[\r\n]+/g, " "));
        if (!value.ok) return failed("VALUE_FAILED", value.text);
        headers[name] = value.value;
      }
      const body = bodyOf(turn, action.body, place);
      if (!body.ok) return failed("VALUE_FAILED", body.text);
      request(
        turn,
        {
          kind: "http",
          method: action.method,
          url: url.value,
          body: body.value,
          ...(action.connection && { connection: action.connection }),
          ...(action.headers && { headers }),
          ...(action.expect && { expect: action.expect }),
          ...terms,
        },
        waits ? place.token : null,
      );
      break;
    }
    default:
      return action satisfies never;
  }
  return waits ? { done: false, waits: true } : { done: true };
}

/** The terms of a call, or why its retry policy cannot be read. */
function termsOf(
  turn: Turn,
  action: CallAction,
  place: Place,
  once: string | null,
  loose: boolean,
): CallTerms | string {
  const terms: CallTerms = {};
  if (once !== null) terms.once = once;
  if (loose) terms.loose = true;
  if (place.node) terms.node = place.node.id;
  if (action.verb !== "chat" && (Object.keys(action.map ?? {}).length > 0 || (action.verb === "http" && action.result)))
    terms.wants = true;
  const policy = action.retry ?? place.node?.node.retry;
  if (!policy) return terms;
  const { tries, first, final } = policy;
  terms.retry = { ...(tries !== undefined && { tries }), ...(final && { final }) };
  if (first !== undefined) {
    const wait = parseTarget(first, false);
    if (!("ms" in wait)) return `“${first}” is not a duration. Write 8h, 2bd or PT8H.`;
    terms.retry.first = wait.ms;
  }
  return terms;
}

type Worked<T> = { ok: true; value: T } | { ok: false; text: string };

/** A text with its expressions filled in, each as `shown`. What is missing is empty. */
export function rendered(turn: Turn, source: string, place: Place, shown: (value: string) => string): Worked<string> {
  let text = "";
  for (const part of partsOfText(source)) {
    if ("text" in part) {
      text += part.text;
      continue;
    }
    const expression = turn.process.expression(part.feel);
    if (!expression) return { ok: false, text: `The expression “${part.feel}” cannot be read.` };
    const { value, seen } = evaluate(turn, expression, place.visit);
    if (seen.error) return { ok: false, text: `“${part.feel}” could not be worked out: ${seen.error}` };
    text += value === null ? "" : shown(typeof value === "string" ? value : textOf(value));
  }
  return { ok: true, value: text };
}

function bodyOf(turn: Turn, source: string | undefined, place: Place): Worked<Plain> {
  if (!source?.trim()) return { ok: true, value: null };
  const expression = turn.process.expression(source);
  if (!expression) return { ok: false, text: `The expression “${source}” cannot be read.` };
  const { value, seen } = evaluate(turn, expression, place.visit);
  if (seen.error) return { ok: false, text: `“${source}” could not be worked out: ${seen.error}` };
  return { ok: true, value: plainOf(value) };
}

/** Writes what came back to where the action says. Null, or why it does not fit. */
export function takeAnswer(
  turn: Turn,
  action: Action | undefined,
  place: Place,
  result: Plain,
  source: string,
): string | null {
  if (action?.verb !== "http" && action?.verb !== "connector") return null;
  const map = { ...(action.verb === "http" && action.result && { [action.result]: "answer.body" }), ...action.map };
  for (const [field, text] of Object.entries(map)) {
    const expression = turn.process.expression(text);
    if (!expression) return `The value “${text}” of ${field} cannot be read.`;
    turn.beside = { answer: toFeel(result) };
    const { value, seen } = evaluate(turn, expression, place.visit);
    turn.beside = null;
    const wrong = seen.error ? `${field} could not be set: ${seen.error}` : writeField(turn, field, value, source);
    if (wrong) return wrong;
    turn.dirty = true;
  }
  return null;
}
