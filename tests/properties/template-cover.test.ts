/**
 * Every shipped process is walked until all that is drawn in it has happened: nodes, connections, ends, answers of approvals, rules
 * of tables, and each promise started, met, warned of, broken, paused and resumed. What cannot happen, or not on the bare engine, is
 * named with the reason; anything else that is left fails. The long run walks them to the end, the short one goes some way.
 */
import { expect, it } from "vitest";
import { compileVersion } from "@/server/steps/index.ts";
import { readShippedTemplate, shippedTemplates } from "@/server/templates/index.ts";
import { openBareBench } from "../support/bare-bench.ts";
import { customer } from "../support/customer.ts";
import { drawn, exploreAll } from "../support/explore.ts";
import { unseen } from "../support/unseen.ts";

/** Those that are walked to the end; of the others the walk still leaves things out that their stories may show. */
const toTheEnd = new Set(["deal_desk_approval"]);
const { TEST_LONG } = globalThis.process.env;

const versions = async () =>
  Promise.all(shippedTemplates.map(async ({ key }) => compileVersion((await readShippedTemplate(key))!, 1)));

it.each(shippedTemplates.map(({ key, recordType }) => [key, recordType]))(
  "all that is drawn in %s happens",
  async (key, recordType) => {
    const all = await versions();
    const process = all.find(({ document }) => document.key === key)!;
    // Quotes with more and less off, for the levels that approve them.
    const discounts = [5, 25, 45, 15, 35];
    const begin = async (round: number) => {
      const bench = openBareBench();
      for (const one of all) bench.install(one);
      return { bench, recordId: (await customer(bench, discounts[round % discounts.length]))[recordType]! };
    };
    const whole = drawn(process);
    const known = new Set(Object.keys(unseen[key] ?? {}));
    // A name that is drawn no more is no excuse.
    expect([...known].filter((one) => !whole.includes(one))).toEqual([]);
    const left = await exploreAll(process, begin, TEST_LONG ? 60 : 6, known);
    const open = [...left].filter((one) => !known.has(one));
    if (TEST_LONG && toTheEnd.has(key)) expect(open).toEqual([]);
    else expect(open.length).toBeLessThan(whole.length * 0.75);
  },
  3_600_000,
);
