"use client";
import { cn } from "../ui/cn.ts";

/** Several of a list, ticked. */
export function Ticks({
  label,
  help,
  error,
  options,
  chosen,
  onChange,
  className,
}: {
  label: string;
  help?: string;
  error?: string | null;
  options: { value: string; label: string; help?: string }[];
  chosen: readonly string[];
  onChange: (next: string[]) => void;
  className?: string;
}) {
  return (
    <fieldset className={cn("grid content-start gap-1", className)}>
      <legend className="mb-1 text-xs font-medium text-ink-2">{label}</legend>
      {options.map((one) => (
        <label key={one.value} className="flex min-h-7 items-start gap-2 text-sm">
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
            checked={chosen.includes(one.value)}
            onChange={(e) =>
              onChange(e.target.checked ? [...chosen, one.value] : chosen.filter((value) => value !== one.value))
            }
          />
          <span>
            {one.label}
            {one.help && <span className="block text-xs text-ink-3">{one.help}</span>}
          </span>
        </label>
      ))}
      {error ? (
        <p role="alert" className="text-xs text-breach">
          {error}
        </p>
      ) : (
        help && <p className="text-xs text-ink-3">{help}</p>
      )}
    </fieldset>
  );
}
