import { type LineContext, one, type ReadLine, valueOf } from "./line.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * `F to V [when C | when empty | until D]`, or `F [when C]` alone: a date or time becomes now, a reference the record just
 * created. `from …`, `by …` and anything else about a field is an intent.
 */
export function setAction(rest: string, vocabulary: Vocabulary, context: LineContext): ReadLine | null {
  const [, field = "", tail = ""] = /^([a-z_]+\.[a-z_0-9]+)(?:\s+(.*))?$/s.exec(rest) ?? [];
  const known = vocabulary.field(field);
  if (!known) return null;
  if (tail.startsWith("to ")) return setTo(field, tail.slice(3).trim(), vocabulary);

  const when = tail.startsWith("when ") ? vocabulary.condition(tail.slice(5)) : null;
  if (tail !== "" && when === null) return null;
  const guard = when ? { when } : {};
  if (known.type === "date") return one({ verb: "set", field, value: "today()", ...guard });
  if (known.type === "datetime") return one({ verb: "set", field, value: "now()", ...guard });
  const { created } = context;
  if (known.type !== "reference" || !created || known.to !== created.type || when) return null;
  // The record just created goes straight into the field; there is no later moment at which another could be meant.
  created.into = field;
  return { kind: "done", by: "the line before" };
}

function setTo(field: string, text: string, vocabulary: Vocabulary): ReadLine | null {
  for (const { value, ...rest } of readings(text, vocabulary)) {
    const feel = valueOf(field, value, vocabulary);
    if (feel !== null) return one({ verb: "set", field, value: feel, ...rest });
  }
  return null;
}

/** The longest condition first: `V when C`, `V when empty`, `V until D`, then the whole text as the value. */
function* readings(
  text: string,
  vocabulary: Vocabulary,
): Generator<{ value: string; when?: string; ifEmpty?: boolean; until?: string }> {
  const at = text.lastIndexOf(" when ");
  if (at > 0) {
    const [value, tail] = [text.slice(0, at).trim(), text.slice(at + 6).trim()];
    if (tail === "empty") yield { value, ifEmpty: true };
    const when = vocabulary.condition(tail);
    if (when) yield { value, when };
  }
  const end = text.lastIndexOf(" until ");
  const until = end > 0 ? vocabulary.expression(text.slice(end + 7)) : null;
  if (until) yield { value: text.slice(0, end).trim(), until };
  yield { value: text };
}
