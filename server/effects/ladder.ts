/** When a try that failed is made again (G9). */
import type { CallTerms } from "@/server/engine/events.ts";
import { fingerprint } from "@/server/runtime/ids.ts";

/** Waits before each try: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h. */
export const waits = [0, 5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000];
const longest = 36_000_000;

/**
 * Ms until the next try after `made` ones; null when it was the last. A policy of the step's own changes how many there are and how
 * long the first wait is, which then doubles. Waits of what goes outside are up to a tenth longer, by chance that the job's id fixes,
 * so that what failed together does not come back together.
 */
export function nextWait(
  job: string,
  made: number,
  { tries, first }: NonNullable<CallTerms["retry"]> = {},
  asked = 0,
): number | null {
  if (made >= (tries ?? waits.length)) return null;
  const wait = first === undefined ? (waits[made] ?? longest) : Math.min(first * 2 ** (made - 1), longest);
  const chance = Number.parseInt(fingerprint(`${job}/${made}`).slice(0, 6), 16) / 0xffffff;
  return Math.max(Math.round(wait * (1 + chance / 10)), Math.min(asked, longest));
}
