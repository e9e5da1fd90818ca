import { fieldOf } from "@/server/records/model.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * The field that says whose record it is, for a queue of strategy `record_owner`, told by the queue's name: `quote_owner` is
 * the quote's owner, `account_csm` the success manager, `collections` the collector. Any other: the primary record's owner.
 */
export function ownerFieldOf(queue: string, { template, model, typeOf }: Vocabulary): string | undefined {
  const primary = template.object;
  const has = (object: string, field: string) => {
    const type = typeOf(object);
    return type !== null && fieldOf(type, field, model) !== null;
  };
  const first = (...paths: [object: string, field: string][]) => {
    const found = paths.find(([object, field]) => has(object, field));
    return found ? `${found[0]}.${found[1]}` : undefined;
  };
  const owned = /^([a-z_]+)_owner$/.exec(queue)?.[1];
  if (owned) return first([owned === "deal" ? "opportunity" : owned, "owner_id"], [primary, "owner_id"]);
  if (/(^|_)csm$/.test(queue)) return first([primary, "csm_id"], ["account", "csm_id"], [primary, "owner_id"]);
  if (queue === "collections") return first([primary, "collector_id"], [primary, "owner_id"]);
  return first([primary, "owner_id"]);
}
