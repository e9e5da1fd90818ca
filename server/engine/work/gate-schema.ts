/** What a stage gate can ask for, as it stands in a process. */
import { z } from "zod";

const path = z.string().min(3).max(130);
const said = {
  /** What a person reads, instead of the words the product makes of it. */
  text: z.string().max(300).optional(),
  /** Only for these ways to finish the step; without it for all. */
  outcomes: z.array(z.string().max(80)).max(20).optional(),
};
const feel = z.string().max(4096);
const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/i);

/** One thing that has to be there. */
export const requirementSchema = z.discriminatedUnion("kind", [
  /** The field holds something. */
  z.strictObject({ kind: z.literal("field"), field: path, ...said }),
  z.strictObject({ kind: z.literal("condition"), when: feel, ...said }),
  /** An item of the step's checklist is ticked; without one, all of them. When the step is finished only. */
  z.strictObject({ kind: z.literal("checklist"), item: identifier.optional(), ...said }),
  /** The field holds an address or the name of a file. */
  z.strictObject({ kind: z.literal("link"), field: path, ...said }),
  /** There is such a related record, and `where` (FEEL over it) holds. */
  z.strictObject({ kind: z.literal("record"), record: identifier, where: feel.optional(), ...said }),
  /** The field holds a text of at least so many characters. */
  z.strictObject({ kind: z.literal("note"), field: path, atLeast: z.number().int().min(1).max(5000), ...said }),
]);
export type Requirement = z.infer<typeof requirementSchema>;

export const gateSchema = z.strictObject({
  entry: z.array(requirementSchema).max(30).optional(),
  exit: z.array(requirementSchema).max(30).optional(),
  /** Roles whose people may finish the step; without it whoever has the task. */
  who: z.array(identifier).max(20).optional(),
  /** Nobody passes it over by hand. */
  noSkip: z.boolean().optional(),
  /** Once it is passed nobody goes back to before it by hand. */
  noBack: z.boolean().optional(),
});
