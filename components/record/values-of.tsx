import type { Evaluated } from "@/server/engine/events.ts";

/** A condition with what it read and what came out. */
export const ValuesOf = ({ seen, label }: { seen: Evaluated; label?: string }) => (
  <p className="text-xs break-words text-ink-2">
    {label && `${label} `}
    <span className="font-mono">
      {`${seen.text} → ${seen.error ?? String(seen.result)}`}
      {Object.entries(seen.inputs).map(([name, value]) => ` · ${name} = ${JSON.stringify(value)}`)}
    </span>
  </p>
);
