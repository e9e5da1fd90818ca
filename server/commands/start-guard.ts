/** The condition of a start: judged here and nowhere else, when something happens and when somebody asks why nothing began. */
import type { Evaluated } from "@/server/engine/events.ts";
import { lookingOn } from "@/server/engine/explain/looking.ts";
import { type CompiledProcess, typeOf } from "@/server/engine/graph.ts";
import type { EngineRecord } from "@/server/engine/model.ts";
import { newRun } from "@/server/engine/run-shape.ts";
import { evaluate } from "@/server/engine/turn.ts";
import type { RecordRules } from "@/server/engine/world.ts";

type Related = Record<string, string | null>;
type Judged = { holds: boolean; seen: Evaluated | null };

/** The records that a start's condition looks at besides its own: those the record names, by what the process calls them. */
export function relatedAtStart(process: CompiledProcess, { values }: EngineRecord): Related {
  if (!conditionOf(process)) return {};
  return Object.fromEntries(
    Object.entries(process.document.related).map(([name, { path }]) => {
      const id = values[path?.split(".").at(-1) ?? ""];
      return [name, typeof id === "string" ? id : null];
    }),
  );
}

function conditionOf({ start }: CompiledProcess): string | null {
  const text = start?.config.when;
  return typeof text === "string" && text.trim() ? text : null;
}

/**
 * Whether a run of this process may begin for the record. `recordOf`: the records it names, as they were then. `seen`: what the
 * condition read; null without one. One that cannot be read holds never.
 */
export function startGuard(
  process: CompiledProcess,
  record: EngineRecord,
  recordOf: (id: string, type: string) => EngineRecord | null,
  { at, model, zone }: { at: number; model: RecordRules; zone: string },
): Judged {
  const text = conditionOf(process);
  if (text === null) return { holds: true, seen: null };
  const guard = process.expression(text);
  if (!guard) return { holds: false, seen: null };
  const related = relatedAtStart(process, record);
  const records = new Map([[record.id, record]]);
  for (const [name, id] of Object.entries(related)) {
    const other = id ? recordOf(id, typeOf(process, { recordType: record.type }, name)) : null;
    if (other) records.set(other.id, other);
  }
  // The run that it would be, before anything has happened in it.
  const run = newRun(
    "",
    {
      workspaceId: "",
      process: process.document.key,
      version: process.version,
      recordType: record.type,
      recordId: record.id,
      trigger: { event: "", at },
      parent: null,
      variables: {},
      related,
    },
    at,
  );
  const looked = evaluate(lookingOn(process, run, { records, model, zone, now: at }), guard);
  return { holds: looked.value === true, seen: looked.seen };
}
