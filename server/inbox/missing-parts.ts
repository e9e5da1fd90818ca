/** What an entry gate still asks for, part by part: the condition, and the fields it reads with what stands in them now. */
import type { EngineRecord, Plain } from "@/server/engine/model.ts";
import type { RecordLabels } from "@/server/records/rules.ts";

export type MissingPart = { text: string; fields: { path: string; label: string; value: string | null }[] };

/** `recordNamed`: the run's record and its related ones, by the names conditions use. */
export const missingParts = (
  parts: readonly string[],
  recordNamed: (name: string) => EngineRecord | null,
  labels: RecordLabels,
): MissingPart[] =>
  parts.map((text) => ({
    text,
    fields: [...new Set(text.replaceAll(/"[^"]*"/g, "").match(/\b[a-z_]+\.[a-z_0-9]+\b/g) ?? [])].flatMap((path) => {
      const [object = "", field = ""] = path.split(".");
      const record = recordNamed(object);
      if (!record && object === "run") return [];
      const described = record ? labels.describe(record.type, field) : null;
      const value = record?.values[field] ?? null;
      return [
        {
          path,
          label: described?.label ?? path,
          value: record ? (described?.options?.find((o) => o.value === value)?.label ?? textOf(value)) : null,
        },
      ];
    }),
  }));

const textOf = (value: Plain): string | null =>
  value === null ? null : typeof value === "object" ? JSON.stringify(value) : String(value);
