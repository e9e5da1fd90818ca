/** Allen's relations between points and ranges, as DMN states them. */
import { equal, order } from "./compare.ts";
import { type FeelRange, type FeelValue, isRange } from "./value.ts";

type Two = (args: FeelValue[]) => FeelValue;
const lt = (a: FeelValue, b: FeelValue) => {
  const n = order(a, b);
  return n === null ? null : n < 0;
};
const eq = (a: FeelValue, b: FeelValue) => {
  const n = order(a, b);
  return n === null ? (equal(a, b) === true ? true : null) : n === 0;
};
const and = (...parts: (boolean | null)[]): boolean | null =>
  parts.some((p) => p === false) ? false : parts.some((p) => p === null) ? null : true;
const or = (...parts: (boolean | null)[]): boolean | null =>
  parts.some((p) => p === true) ? true : parts.some((p) => p === null) ? null : false;
const both =
  (f: (a: FeelRange, b: FeelRange) => boolean | null): Two =>
  ([a, b]) =>
    isRange(a!) && isRange(b!) ? f(a, b) : null;

const before: Two = ([a, b]) => {
  if (isRange(a!) && isRange(b!)) return or(lt(a.to, b.from), and(eq(a.to, b.from), a.toOpen || b.fromOpen));
  if (isRange(a!)) return or(lt(a.to, b!), and(eq(a.to, b!), a.toOpen));
  if (isRange(b!)) return or(lt(a!, b.from), and(eq(a!, b.from), b.fromOpen));
  return lt(a!, b!);
};
const meets = both((a, b) => and(!a.toOpen, !b.fromOpen, eq(a.to, b.from)));
const overlaps = both((a, b) =>
  and(
    or(lt(b.from, a.to), and(eq(b.from, a.to), !a.toOpen, !b.fromOpen)),
    or(lt(a.from, b.to), and(eq(a.from, b.to), !a.fromOpen, !b.toOpen)),
  ),
);
const overlapsBefore = both((a, b) =>
  and(
    or(lt(a.from, b.from), and(eq(a.from, b.from), !a.fromOpen, b.fromOpen)),
    or(lt(b.from, a.to), and(eq(b.from, a.to), !a.toOpen, !b.fromOpen)),
    or(lt(a.to, b.to), and(eq(a.to, b.to), or(a.toOpen, !b.toOpen))),
  ),
);
const finishes: Two = ([a, b]) => {
  if (!isRange(b!)) return null;
  if (isRange(a!))
    return and(
      a.toOpen === b.toOpen,
      eq(a.to, b.to),
      or(lt(b.from, a.from), and(eq(a.from, b.from), or(a.fromOpen, !b.fromOpen))),
    );
  return and(!b.toOpen, eq(a!, b.to));
};
const includes: Two = ([a, b]) => {
  if (!isRange(a!)) return null;
  if (isRange(b!))
    return and(
      or(lt(a.from, b.from), and(eq(a.from, b.from), or(!a.fromOpen, b.fromOpen))),
      or(lt(b.to, a.to), and(eq(a.to, b.to), or(!a.toOpen, b.toOpen))),
    );
  return and(or(lt(a.from, b!), and(!a.fromOpen, eq(a.from, b!))), or(lt(b!, a.to), and(!a.toOpen, eq(a.to, b!))));
};
const starts: Two = ([a, b]) => {
  if (!isRange(b!)) return null;
  if (isRange(a!))
    return and(
      eq(a.from, b.from),
      a.fromOpen === b.fromOpen,
      or(lt(a.to, b.to), and(eq(a.to, b.to), or(a.toOpen, !b.toOpen))),
    );
  return and(eq(a!, b.from), !b.fromOpen);
};
const coincides: Two = ([a, b]) => {
  if (isRange(a!) !== isRange(b!)) return null;
  if (isRange(a!) && isRange(b!))
    return and(eq(a.from, b.from), a.fromOpen === b.fromOpen, eq(a.to, b.to), a.toOpen === b.toOpen);
  return eq(a!, b!);
};
const turned =
  (f: Two): Two =>
  ([a, b]) =>
    f([b!, a!]);

const pair = "point1,point2|point,range|range,point|range1,range2";
export const rangeFunctions: Record<string, { signature: string; call: Two }> = {
  before: { signature: pair, call: before },
  after: { signature: pair, call: turned(before) },
  meets: { signature: "range1,range2", call: meets },
  "met by": { signature: "range1,range2", call: turned(meets) },
  overlaps: { signature: "range1,range2", call: overlaps },
  "overlaps before": { signature: "range1,range2", call: overlapsBefore },
  "overlaps after": { signature: "range1,range2", call: turned(overlapsBefore) },
  finishes: { signature: "point,range|range1,range2", call: finishes },
  "finished by": { signature: "range,point|range1,range2", call: turned(finishes) },
  includes: { signature: "range,point|range1,range2", call: includes },
  during: { signature: "point,range|range1,range2", call: turned(includes) },
  starts: { signature: "point,range|range1,range2", call: starts },
  "started by": { signature: "range,point|range1,range2", call: turned(starts) },
  coincides: { signature: "point1,point2|range1,range2", call: coincides },
};
