import { z } from "zod";
import { type FeelContext, feelFromJson, feelToJson, isContext } from "@/server/engine/expression/index.ts";
import { askModel, type Question } from "./decide-model.ts";
import type { LinkedModel } from "./link.ts";

const modelCase = z.object({
  id: z.string(),
  /** Path of the model below the folder of models. */
  model: z.string(),
  result_node: z.string(),
  context: z.record(z.string(), z.unknown()).nullish(),
  kind: z.string().nullish(),
  invocable: z.string().nullish(),
});
const file = z.union([z.array(z.unknown()), z.object({ cases: z.array(z.unknown()) }).transform((f) => f.cases)]);
const named = z.object({ id: z.string() });

export type ModelAnswer = { id: string; value: unknown; error: string | null };

/**
 * Each case of a file in turn; one that cannot be answered says why and the others go on. `modelAt` finds a model by the
 * path a case names, or says in one sentence why it cannot be read.
 */
export async function runModelCases(
  json: unknown,
  modelAt: (path: string) => Promise<LinkedModel | string>,
  now: number,
): Promise<{ ok: true; answers: ModelAnswer[] } | { ok: false; text: string }> {
  const read = file.safeParse(json);
  if (!read.success || read.data.length === 0)
    return { ok: false, text: "This is not a file of DMN cases: it has no list of cases." };
  const answers: ModelAnswer[] = [];
  for (const [i, one] of read.data.entries()) {
    const given = modelCase.safeParse(one);
    if (!given.success) {
      const id = named.safeParse(one);
      answers.push({
        id: id.success ? id.data.id : `#${i + 1}`,
        value: null,
        error: "This case has no id, no model, no result node, or a context that is no object.",
      });
      continue;
    }
    const { id, model: path, context } = given.data;
    const model = await modelAt(path);
    if (typeof model === "string") {
      answers.push({ id, value: null, error: model });
      continue;
    }
    const inputs = feelFromJson(context ?? {});
    const { value, error } = askModel(
      model,
      questionOf(given.data),
      inputs !== null && isContext(inputs) ? inputs : ({} as FeelContext),
      now,
    );
    answers.push({ id, value: feelToJson(value), error });
  }
  return { ok: true, answers };
}

function questionOf({ kind, invocable, result_node }: z.infer<typeof modelCase>): Question {
  if (!invocable && (!kind || kind === "decision")) return { kind: "decision", name: result_node };
  const name = invocable || result_node;
  return { kind: "invocable", name, ...(name !== result_node && { output: result_node }) };
}
