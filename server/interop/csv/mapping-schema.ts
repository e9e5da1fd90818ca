import { z } from "zod";
import { customFieldSchema } from "@/server/records/custom-fields.ts";
import type { Mapping } from "./mapping.ts";

const name = z.string().min(1).max(130);
const column = z.string().min(1).max(1000);

/** A mapping as it comes from outside: the screen, a file, a saved one. Whether it fits a table is `checkMapping`'s to say. */
export const mappingSchema: z.ZodType<Mapping> = z.strictObject({
  key: name,
  recordType: name,
  source: name,
  keyField: name.exactOptional(),
  columns: z
    .array(
      z.strictObject({
        column,
        field: name,
        transform: z
          .enum([
            "trim",
            "lower",
            "upper",
            "code",
            "date:dmy",
            "date:mdy",
            "decimal:comma",
            "thousands",
            "millions",
            "share",
            "zoho_id",
          ])
          .exactOptional(),
        values: z.record(z.string().max(1000), z.string().max(1000)).exactOptional(),
        lookup: z
          .strictObject({
            type: name,
            by: name,
            create: z.boolean().exactOptional(),
            sameFile: z.boolean().exactOptional(),
          })
          .exactOptional(),
      }),
    )
    .min(1)
    .max(1000),
  compose: z
    .array(z.strictObject({ field: name, columns: z.array(column).min(1).max(20), join: z.string().max(20) }))
    .max(50)
    .exactOptional(),
  defaults: z.record(name, z.string().max(1000)).exactOptional(),
  mayBeMissing: z
    .array(
      z.strictObject({
        field: name,
        unless: z.strictObject({ field: name, values: z.array(z.string().max(200)).max(200) }).exactOptional(),
      }),
    )
    .max(200)
    .exactOptional(),
  customFields: z
    .array(customFieldSchema.omit({ recordType: true }))
    .max(100)
    .exactOptional(),
});
