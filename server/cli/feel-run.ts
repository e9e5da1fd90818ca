/** Answers a file of FEEL cases, one JSON line each. A case that cannot be answered says why; the others go on. */
import { z } from "zod";
import { runFeelCase } from "@/server/engine/expression/feel-case.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { readNamedJson } from "./read-file.ts";
import { refuse, type Verb } from "./verb.ts";

const feelCase = z.object({
  id: z.string(),
  expression: z.string(),
  context: z.record(z.string(), z.unknown()).nullish(),
  result_type: z.string().nullish(),
});
const file = z.union([z.array(z.unknown()), z.object({ cases: z.array(z.unknown()) }).transform((f) => f.cases)]);
const named = z.object({ id: z.string() });

export type FeelAnswer = { id: string; value: unknown; error: string | null };

export function runFeelCases(
  json: unknown,
  now: number,
): { ok: true; answers: FeelAnswer[] } | { ok: false; text: string } {
  const read = file.safeParse(json);
  if (!read.success || read.data.length === 0)
    return { ok: false, text: "This is not a file of FEEL cases: it has no list of cases." };
  const answers = read.data.map((one, i): FeelAnswer => {
    const given = feelCase.safeParse(one);
    if (given.success) return { id: given.data.id, ...runFeelCase(given.data, now) };
    const id = named.safeParse(one);
    return {
      id: id.success ? id.data.id : `#${i + 1}`,
      value: null,
      error: "This case has no id, no expression, or a context that is no object.",
    };
  });
  return { ok: true, answers };
}

const largest = 50_000_000;

export const verb: Verb = {
  usage: "feel run CASES.json",
  about: "Evaluate a file of FEEL expressions, one JSON line a case: id, value, error",
  arguments: { least: 1, most: 1 },
  async run({ files: [name = ""] }) {
    const read = await readNamedJson(name, largest);
    if (!read.ok) return refuse(read.text);
    const result = runFeelCases(read.json, machineClock.now());
    if (!result.ok) return refuse(`${name}: ${result.text}`);
    return { text: result.answers.map((answer) => JSON.stringify(answer)).join("\n") };
  },
};
