import { fold, nearestChoice } from "@/server/records/fold.ts";

/** Comparing with more names than this takes longer than a preview may. */
const mostCompared = 5_000;

/**
 * The known name a written one probably means: the same letters but for case, accents, spaces and punctuation (GTXPro, GTX
 * Pro), else the most similar of the names if it is near enough. Undefined when two names have the same letters.
 */
export function nearestName(
  written: string,
  names: readonly string[],
): { name: string; why: "same_letters" | "similar" } | undefined {
  const wanted = letters(written);
  if (wanted === "") return undefined;
  const same = names.filter((name) => letters(name) === wanted);
  if (same[0] !== undefined) return same.length === 1 ? { name: same[0], why: "same_letters" } : undefined;
  const near = names.length <= mostCompared ? nearestChoice(written, names) : null;
  return near === null ? undefined : { name: near, why: "similar" };
}

export const letters = (text: string): string => fold(text).replaceAll(" ", "");
