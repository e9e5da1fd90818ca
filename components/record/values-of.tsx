import type { Evaluated } from "@/server/engine/events.ts";

/** A condition with what it read and what came out. */
export const ValuesOf = ({ seen, label }: { seen: Evaluated; label?: string }) => (
  <p className="font-mono text-xs break-words text-ink-2">
    {label && <span className="font-sans">{`${label} `}</span>}
    {`${seen.text} → ${seen.error ?? String(seen.result)}`}
    {Object.entries(seen.inputs).map(([name, value]) => ` · ${name} = ${JSON.stringify(value)}`)}
  </p>
);
