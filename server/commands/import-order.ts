/** What was asked for when an import was begun, as it is kept until the import has ended: with it another start of the server goes on. */
import { z } from "zod";
import type { Plain } from "@/server/engine/model.ts";
import { mappingSchema } from "@/server/interop/csv/mapping-schema.ts";

const column = z.string().exactOptional();
const order = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("records"),
    mapping: mappingSchema,
    start: z.string().optional(),
    startWhen: z.string().optional(),
    startRows: z.array(z.number()).optional(),
    expected: z.number().optional(),
  }),
  z.object({
    kind: z.literal("log"),
    columns: z.object({
      case: column,
      activity: column,
      time: column,
      start: column,
      enabled: column,
      resource: column,
      lifecycle: column,
    }),
    process: z.string().optional(),
    recordType: z.string().optional(),
    expected: z.number().optional(),
  }),
]);

const asked = z.object({
  order,
  /** The file, and the data folder it lies in. */
  upload: z.string(),
  home: z.string(),
  actor: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("member"), id: z.string() }),
    z.object({ kind: z.literal("api"), id: z.string() }),
  ]),
  /** Whose right it is: the actor, or the owner of the key. */
  memberId: z.string(),
});

export type ImportOrder = z.infer<typeof order>;
export type AskedImport = z.infer<typeof asked>;

export const keepAsked = (import_: AskedImport): Plain => JSON.parse(JSON.stringify(import_)) as Plain;

/** Null for an import that was begun by another release, or that nobody can go on with. */
export function readAsked(kept: unknown): AskedImport | null {
  const read = asked.safeParse(kept);
  return read.success ? read.data : null;
}
