import { useId } from "react";
import { cn } from "./cn.ts";

export const inputLook =
  "h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink placeholder:text-ink-3 aria-invalid:border-breach-solid disabled:bg-sunken disabled:text-ink-2";

/** A label over its control, with help and the reason when it is wrong. The control is given the ids that tie them together. */
export function Field({
  label,
  help,
  error,
  required,
  children,
  className,
}: {
  label: string;
  help?: string | null;
  error?: string | null;
  required?: boolean;
  className?: string;
  children: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
    "aria-required": boolean | undefined;
  }) => React.ReactNode;
}) {
  const id = useId();
  const note = error ?? help;
  return (
    <div className={cn("grid content-start gap-1", className)}>
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {label}
        {required && (
          <span aria-hidden className="text-breach">
            {" *"}
          </span>
        )}
      </label>
      {children({
        id,
        "aria-describedby": note ? `${id}-note` : undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required || undefined,
      })}
      {note && (
        <p id={`${id}-note`} className={cn("text-xs", error ? "text-breach" : "text-ink-3")}>
          {note}
        </p>
      )}
    </div>
  );
}
