/**
 * Workflow patterns that Millrace does not run, and what to draw instead (semantics, section 2; numbers of van der Aalst's list).
 * They are asked for by these words in a process file or an imported diagram; the answer is a problem while drawing.
 */
export type RefusedPattern = { number: number; name: string; text: string };

export const refusedPatterns: Readonly<Record<string, RefusedPattern>> = {
  discriminator: {
    number: 9,
    name: "Structured discriminator",
    text: "a join that goes on after the first branch must cancel the others: otherwise nobody knows who waits for what. Let it cancel the rest, or go on after two or more",
  },
  blocking_discriminator: {
    number: 28,
    name: "Blocking discriminator",
    text: "a join cannot hold back the branches of a later round. Draw an “n of m” join that cancels the rest",
  },
  blocking_n_of_m: {
    number: 31,
    name: "Blocking partial join",
    text: "a join cannot hold back the branches of a later round. Draw an “n of m” join",
  },
  generalised: {
    number: 33,
    name: "Generalised AND-join",
    text: "a join takes one token of each incoming connection and keeps the rest for its next round. Draw a join of “all”",
  },
  local: {
    number: 37,
    name: "Local synchronising merge",
    text: "draw a join of “all that were taken”, which waits exactly for the branches that can still come",
  },
  interleaved: {
    number: 40,
    name: "Interleaved routing",
    text: "steps in any order, one at a time, are not a connection. Draw them one after the other, or a sub-process whose steps are added by hand",
  },
  partial_order: {
    number: 17,
    name: "Interleaved parallel routing",
    text: "steps in any order, one at a time, are not a connection. Draw them one after the other, or a sub-process whose steps are added by hand",
  },
  thread_merge: {
    number: 41,
    name: "Thread merge",
    text: "several tokens of one branch cannot be counted together. Draw a “for each”, which goes on when its instances have ended",
  },
  thread_split: {
    number: 42,
    name: "Thread split",
    text: "one branch cannot become several tokens of itself. Draw a “for each” over a list of that length",
  },
};

/** What to draw in place of a join of this mode. */
export function refusedJoin(mode: unknown): string {
  const pattern = typeof mode === "string" && Object.hasOwn(refusedPatterns, mode) ? refusedPatterns[mode] : undefined;
  return pattern
    ? `${pattern.name} (pattern ${pattern.number}) is not available: ${pattern.text}`
    : "a join waits for all branches, for all that were taken, or for n of them";
}

/** Patterns 34 and 36: instances of a for-each that go on after it was completed. */
export const refusedRest =
  "Partial joins of a “for each” that leave the other instances running (patterns 34 and 36) are not available: when it is complete, the rest is cancelled. Start a process of its own for what must go on";
