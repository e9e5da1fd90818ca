/**
 * The action lines of a template. A line is either something the product does (one action), something it does by itself
 * (nothing to add), or an intent: words that a person has to do until something is connected.
 */
import { fieldOf, recordType } from "@/server/records/model.ts";
import { keyOf, recipientsOf } from "./recipient.ts";
import { setAction } from "./set-words.ts";
import { type LineContext, one, type ReadLine, valueOf } from "./line.ts";
import type { Vocabulary } from "./vocabulary.ts";

export function readLine(line: string, vocabulary: Vocabulary, context: LineContext): ReadLine {
  const text = line.trim();
  const [, verb = "", rest = ""] = /^([a-z_]+)\s*(.*)$/s.exec(text) ?? [];
  const action = readVerb(verb, rest.trim(), vocabulary, context);
  if (action) return action;
  if (/^write approval snapshot\b/.test(text)) return { kind: "done", by: "the approval record" };
  const { body, when } = splitCondition(text, vocabulary);
  return when === undefined ? { kind: "intent", text } : { kind: "intent", text: body, when };
}

function readVerb(verb: string, rest: string, vocabulary: Vocabulary, context: LineContext): ReadLine | null {
  switch (verb) {
    case "set":
      return setAction(rest, vocabulary, context);
    case "create":
      return createAction(rest, vocabulary);
    case "assign":
      return assignAction(rest, vocabulary);
    case "match":
      return matchAction(rest, vocabulary);
    case "lock":
    case "unlock":
      return lockAction(verb, rest, vocabulary);
    case "start_process":
      return startAction(rest, vocabulary);
    case "emit": {
      const event = /^([a-z_]+\.[a-z_]+)\s*(\(.*\))?$/s.exec(rest)?.[1];
      return event ? one({ verb: "emit", event }) : null;
    }
    case "notify":
    case "escalate":
      return noticeAction(verb, rest, vocabulary, context);
    case "send_template": {
      const [, template, aside] = /^([a-z][a-z0-9_]*)(?:\s+(.*))?$/s.exec(rest) ?? [];
      return template ? one({ verb: "send_template", template }, aside) : null;
    }
    case "call_connector": {
      const [, connector, operation] = /^([a-z][a-z0-9_-]*)(?:\s+(.*))?$/is.exec(rest) ?? [];
      return connector
        ? one({
            verb: "connector",
            connector: keyOf(connector),
            ...(operation && { operation: operation.slice(0, 200) }),
          })
        : null;
    }
    case "log":
      return rest ? one({ verb: "log", text: rest }) : null;
    default:
      return null;
  }
}

/** `… when C` with C a condition: the words before it, and C as FEEL. Other words after `when` stay where they are. */
export function splitCondition(text: string, vocabulary: Vocabulary): { body: string; when?: string } {
  const at = text.lastIndexOf(" when ");
  const when = at < 0 ? null : vocabulary.condition(text.slice(at + 6));
  return when === null ? { body: text } : { body: text.slice(0, at).trim(), when };
}

function createAction(rest: string, vocabulary: Vocabulary): ReadLine | null {
  const { body, when } = splitCondition(rest.replace(/\s*\([^)]*\)\s*$/, ""), vocabulary);
  const [, type, from, fields] = /^([a-z_]+)(?:\s+from\s+([a-z_]+))?(?:\s+with\s+(.+))?$/s.exec(body) ?? [];
  if (!type || !recordType(type, vocabulary.model)) return null;
  if (from && !vocabulary.typeOf(from)) return null;
  const values: Record<string, string> = {};
  for (const part of fields ? topLevel(fields) : []) {
    const [, field, value] = /^([a-z_0-9]+)\s*=\s*(.+)$/s.exec(part.trim()) ?? [];
    const known = field ? fieldOf(type, field, vocabulary.model) : null;
    const feel = field && value ? valueOf(`${type}.${field}`, value, vocabulary) : null;
    if (!field || !known || feel === null) return null;
    values[field] = feel;
  }
  return one({
    verb: "create",
    type,
    ...(from && { from }),
    ...(Object.keys(values).length > 0 && { with: values }),
    ...(when && { when }),
  });
}

/** Splits at commas that are in no quotes and no brackets. */
function topLevel(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && "([{".includes(character)) depth += 1;
    else if (!quoted && ")]}".includes(character)) depth -= 1;
    if (character === "," && depth === 0 && !quoted) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function assignAction(rest: string, vocabulary: Vocabulary): ReadLine | null {
  const { queues } = vocabulary.template;
  const { body, when } = splitCondition(rest, vocabulary);
  const into = /^([a-z_]+\.[a-z_0-9]+)\s+from\s+([a-z_0-9]+)$/.exec(body);
  if (into) {
    const [, field = "", queue = ""] = into;
    return vocabulary.field(field)?.to === "user" && Object.hasOwn(queues, queue)
      ? one({ verb: "assign", field, queue, ...(when && { when }) })
      : null;
  }
  const routed = /^(?:meeting\s+)?to\s+(.+)$/s.exec(body);
  if (!routed) return null;
  const queue = keyOf(routed[1] ?? "");
  if (Object.hasOwn(queues, queue)) return one({ verb: "assign", queue, ...(when && { when }) });
  if (Object.hasOwn(vocabulary.template.roles, queue))
    return one({ verb: "assign", role: queue, ...(when && { when }) });
  return one({ verb: "assign", ...(when && { when }) }, routed[1]);
}

/** The keys of the record model decide what is the same; the words after `match` say no more than that. */
function matchAction(rest: string, { template, model }: Vocabulary): ReadLine {
  const [first = ""] = rest.split(/\s+/);
  const named = Object.hasOwn(template.related, first) && recordType(first, model);
  return one({ verb: "match", type: named ? first : template.object });
}

function lockAction(verb: "lock" | "unlock", rest: string, vocabulary: Vocabulary): ReadLine | null {
  const { body, when } = splitCondition(rest, vocabulary);
  const [, object, aside] = /^([a-z_]+)(?:\s+lines)?(?:\s+(.*))?$/s.exec(body) ?? [];
  return object && vocabulary.typeOf(object) ? one({ verb, object, ...(when && { when }) }, aside) : null;
}

function startAction(rest: string, vocabulary: Vocabulary): ReadLine | null {
  const { body, when } = splitCondition(rest, vocabulary);
  const [, process, after, aside] = /^([a-z][a-z0-9_]*)(?:\s+after\s+(P\S+))?(?:\s+(.*))?$/s.exec(body) ?? [];
  return process
    ? one({ verb: "start_process", process, ...(after && { after }), ...(when && { when }) }, aside)
    : null;
}

function noticeAction(
  verb: "notify" | "escalate",
  rest: string,
  vocabulary: Vocabulary,
  { hasAssignee }: LineContext,
): ReadLine | null {
  const { body, when } = splitCondition(rest, vocabulary);
  // "when 5 skips in a week" is no condition anybody could look at.
  if (/\swhen\s/.test(body)) return null;
  const found = recipientsOf(body, vocabulary.template, hasAssignee);
  if (found.length === 0) return null;
  const unknown = found.flatMap(({ unknown: who, to }) => (who ? [{ who, to }] : []));
  const aside = found.map((recipient) => recipient.comment).find((comment) => comment !== undefined);
  return {
    kind: "actions",
    actions: found.map(({ to }) => ({ verb, to, ...(when && { when }) })),
    ...(unknown.length > 0 && { unknown }),
    ...(aside && { aside }),
  };
}
