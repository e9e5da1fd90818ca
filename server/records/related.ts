/** How record types refer to each other. */
import { type RecordModel, recordType, recordTypes, standardModel } from "./model.ts";

export type Reference = { field: string; to: string };

/** Fields of the type that refer to another, custom ones included. */
export const referencesOf = (type: string, model: RecordModel = standardModel): Reference[] =>
  Object.values(recordType(type, model)?.fields ?? {}).flatMap(({ key, to }) => (to ? [{ field: key, to }] : []));

/** Who refers to the type: each referring type with its fields. */
export const referencesTo = (type: string, model: RecordModel = standardModel): { type: string; field: string }[] =>
  recordTypes(model).flatMap((from) =>
    referencesOf(from.key, model).flatMap(({ field, to }) => (to === type ? [{ type: from.key, field }] : [])),
  );

/** One step along references: forward through a field of the record at hand, or back from the records that name it. */
export type Hop = { via: "field"; field: string; to: string } | { via: "back"; from: string; field: string };

/** Types too general to be a bridge: two records with the same owner or product have nothing to do with each other. */
const noBridge = new Set(["user", "team", "product", "activity"]);

/** Coming down again after going up ("orders of the payment's account") is a weaker tie than two steps more along the chain. */
const turnCost = 2;

/**
 * The closest way from records of one type to records of the other: own references first, then being referred to. A way back
 * leads to several records; which of them counts (the newest, the open one) is for the caller. Null when they are not related.
 */
export function pathTo(type: string, target: string, model: RecordModel = standardModel): Hop[] | null {
  if (!recordType(type, model) || !recordType(target, model)) return null;
  const done = new Set<string>();
  const open: { at: string; path: Hop[]; cost: number }[] = [{ at: type, path: [], cost: 0 }];
  while (open.length > 0) {
    // Equal costs keep the order in which they were found, so the answer does not depend on chance.
    const nearest = open.reduce((best, one, i) => (one.cost < (open[best]?.cost ?? 0) ? i : best), 0);
    const [here] = open.splice(nearest, 1);
    if (!here) return null;
    if (here.at === target && here.path.length > 0) return here.path;
    if (done.has(here.at) || (noBridge.has(here.at) && here.path.length > 0)) continue;
    done.add(here.at);
    const hops = hopsFrom(here.at, model).filter(({ to }) => !noBridge.has(type) || to === target);
    for (const { to, hop } of hops)
      open.push({
        at: to,
        path: [...here.path, hop],
        cost: here.cost + 1 + (hop.via === "back" && here.path.at(-1)?.via === "field" ? turnCost : 0),
      });
  }
  return null;
}

const hopsFrom = (type: string, model: RecordModel): { to: string; hop: Hop }[] => [
  ...referencesOf(type, model).map(({ field, to }) => ({ to, hop: { via: "field" as const, field, to } })),
  ...referencesTo(type, model).map(({ type: from, field }) => ({
    to: from,
    hop: { via: "back" as const, from, field },
  })),
];
