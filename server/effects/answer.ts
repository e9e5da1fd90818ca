/**
 * The other side may throw, answer with anything, or never. Whatever it does becomes an outcome: it stops at most the one token
 * that asked, and the rest goes on.
 */
import { z } from "zod";
import type { Outcome } from "./dispatch.ts";

/** Longer than the guarded client's own limits, shorter than a job is held: nobody else tries it meanwhile. */
export const patienceMs = 20_000;
/** What an event may hold. */
const mostBytes = 256 * 1024;

export type Wait = (ms: number) => Promise<void>;
export const wait: Wait = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

const said = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), result: z.json() }),
  z.object({ ok: z.literal(false), text: z.string(), final: z.boolean(), waitMs: z.number().optional() }),
]);

const no = (text: string): Outcome => ({ ok: false, text, final: false });

/** What came of one try. Resolves within `patienceMs`, never rejects; an answer that comes later is not heard. */
export async function outcomeOf(asked: () => Promise<unknown>, waitFor: Wait = wait): Promise<Outcome> {
  const late = waitFor(patienceMs).then(() => no("No answer came in time."));
  const answer = asked().then(read, (error: unknown) => no(error instanceof Error ? error.message : String(error)));
  return Promise.race([answer, late]);
}

function read(answer: unknown): Outcome {
  const garbage = no("The answer could not be read.");
  try {
    const parsed = said.safeParse(answer);
    if (!parsed.success) return garbage;
    if (parsed.data.ok && JSON.stringify(parsed.data.result).length > mostBytes)
      return { ok: false, text: "The answer is larger than 256 kB, so it was not kept.", final: true };
    return parsed.data;
  } catch {
    return garbage; // refers to itself, or is too deep
  }
}
