import type { Process } from "@/server/engine/process.ts";
import { fieldOf, recordType } from "@/server/records/model.ts";
import { referencesOf } from "@/server/records/related.ts";
import type { Vocabulary } from "./vocabulary.ts";

type Rule = Process["related"][string];

/**
 * How another object is found. `x.y_id` is that reference. Prose is the newest record of that type that refers to the primary
 * record, itself or through its opportunity, in the state the words name. Null: nothing in the record model connects the two.
 */
export function relatedRule(name: string, text: string, { template, model }: Vocabulary): Rule | null {
  if (!recordType(name, model)) return null;
  const [object = "", field = ""] = text.split(".");
  if (/^[a-z_]+\.[a-z_0-9]+$/.test(text)) return fieldOf(object, field, model)?.to === name ? { path: text } : null;

  const refersTo = (type: string, to: string) =>
    referencesOf(type, model).find((reference) => reference.to === to)?.field;
  const where = stateOf(name, text);
  const rest = { ...(where && { where }), note: text };
  // "opportunity of the order": the order itself says which.
  const of = /\b(?:of|from) (?:the |an? )?([a-z_]+)$/.exec(text)?.[1];
  const named =
    of && of !== template.object && Object.hasOwn(template.related, of) && recordType(of, model)
      ? refersTo(of, name)
      : undefined;
  if (named) return { path: `${of}.${named}`, ...rest };

  const opportunity = template.object === "opportunity" || Object.hasOwn(template.related, "opportunity");
  const through =
    opportunity && name !== "opportunity" && template.object !== "opportunity" && refersTo(name, "opportunity")
      ? "opportunity"
      : undefined;
  if (refersTo(name, template.object)) return { newest: name, ...(through && { through }), ...rest };
  if (through) return { newest: name, of: through, ...rest };
  if (of && Object.hasOwn(template.related, of) && refersTo(name, of)) return { newest: name, of, ...rest };
  return null;
}

function stateOf(type: string, text: string): string | undefined {
  if (type === "opportunity" && /\bwon\b/.test(text)) return 'opportunity.stage = "closed_won"';
  if (type === "opportunity" && /\brenewal\b/.test(text)) return 'opportunity.type = "renewal"';
  if (type === "opportunity" && /\bopen\b/.test(text)) return 'not(opportunity.stage in ("closed_won", "closed_lost"))';
  if (type === "invoice" && /\bopen\b/.test(text))
    return 'invoice.status in ("issued", "delivered", "partially_paid", "overdue", "disputed")';
  return undefined;
}
