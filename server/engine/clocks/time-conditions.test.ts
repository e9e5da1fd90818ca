/** Which conditions change by time alone, and when they are looked at again. */
import { expect, it } from "vitest";
import { timeUse } from "./time-conditions.ts";

it.each([
  ["a plain comparison", "deal.amount > 5", { today: false, fields: [], free: false }],
  ["today", "deal.close_date < today()", { today: true, fields: [], free: false }],
  ["today, deep inside", 'not(deal.close_date - today() > @"P3D")', { today: true, fields: [], free: false }],
  [
    "now on the left of a field",
    "now() > deal.valid_until",
    { today: false, fields: ["deal.valid_until"], free: false },
  ],
  [
    "now on the right of a field",
    "deal.valid_until <= now()",
    { today: false, fields: ["deal.valid_until"], free: false },
  ],
  [
    "two fields",
    "now() > deal.opens and now() < deal.closes",
    { today: false, fields: ["deal.opens", "deal.closes"], free: false },
  ],
  ["now beside a sum", 'now() > deal.opens + @"PT1H"', { today: false, fields: [], free: true }],
  ["a sum beside now", 'deal.opens + @"PT1H" < now()', { today: false, fields: [], free: true }],
  ["now beside a bare name", "now() > opens", { today: false, fields: [], free: true }],
  ["now beside a part of a field", "now() > deal.quote.until", { today: false, fields: [], free: true }],
  ["now in a sum", 'now() + @"PT1H" > deal.opens', { today: false, fields: [], free: true }],
  ["a sum of now and a field", "now() - deal.opens", { today: false, fields: [], free: true }],
  ["another function of no arguments", "later() > deal.opens", { today: false, fields: [], free: false }],
  ["names that are not asked", "now > deal.opens or today < deal.opens", { today: false, fields: [], free: false }],
  ["a text that cannot be read", "now() > today() )", { today: false, fields: [], free: false }],
])("%s: %s", (_, text, use) => expect(timeUse(text)).toEqual(use));
