/**
 * One whole Millrace, and everything that can happen to it, by chance that a seed gives again: crashes between any two writes,
 * failing and full disks, clocks that leap, two workers, and another side that answers late, badly, twice or never.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeBase, simulate } from "./simulate.ts";

const { TEST_LONG, TEST_SHORT, SIMULATION_SEED } = process.env;
const count = SIMULATION_SEED ? 1 : TEST_LONG ? 5000 : TEST_SHORT ? 10 : 40;
const from = SIMULATION_SEED ? Number(SIMULATION_SEED) : 1;

/** Ten seeds share their processes, one of which is random. */
const bases = new Map<number, string>();
async function baseOf(seed: number): Promise<string> {
  const variant = Math.floor(seed / 10);
  const base = bases.get(variant) ?? (await makeBase(variant));
  bases.set(variant, base);
  return base;
}
afterAll(() => {
  for (const base of bases.values()) rmSync(path.dirname(base), { recursive: true, force: true });
});

/** So many are one test: the long run says how far it is. */
const atOnce = 500;
const firsts = Array.from({ length: Math.ceil(count / atOnce) }, (_, n) => from + n * atOnce);

it.each(firsts)(
  "nothing is lost, doubled or stuck in the worlds from seed %i on",
  async (first) => {
    const end = Math.min(first + atOnce, from + count);
    let events = 0;
    let lives = 0;
    for (let seed = first; seed < end; seed++) {
      const ending = await simulate(seed, await baseOf(seed));
      const again = `again: SIMULATION_SEED=${seed} npx vitest run tests/simulation\n${ending.ran.join(" · ")}`;
      expect(ending.wrong, again).toEqual([]);
      events += ending.events;
      lives += ending.lives;
    }
    console.log(`${end - first} worlds, ${lives} lives, ${events} events`);
  },
  3_600_000,
);
