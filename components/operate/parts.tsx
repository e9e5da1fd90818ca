"use client";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";

/** One of the choices a list is narrowed by; `all` takes it away. */
export const FilterChoice = ({
  label,
  all,
  value,
  options,
  onChange,
}: {
  label: string;
  all: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) => (
  <Field label={label}>
    {(ids) => (
      <select {...ids} value={value} className={inputLook} onChange={(e) => onChange(e.target.value)}>
        <option value="">{all}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** Asks why before something is done that cannot be taken back. */
export const ReasonLine = ({
  label,
  doIt,
  busy,
  className,
  onReason,
  children,
}: {
  label: string;
  doIt: string;
  busy: boolean;
  className: string;
  onReason: (reason: string) => void;
  children?: ReactNode;
}) => (
  <form
    className={`flex flex-wrap items-end gap-2 ${className}`}
    onSubmit={(e) => {
      e.preventDefault();
      onReason(String(new FormData(e.currentTarget).get("reason") ?? "").trim());
    }}
  >
    <Field label={label} required className="min-w-48 flex-1">
      {(ids) => <input {...ids} name="reason" required maxLength={500} className={inputLook} />}
    </Field>
    <Button kind="danger" type="submit" className="h-9" disabled={busy}>
      {doIt}
    </Button>
    {children}
  </form>
);

/** What stands in a list of the operators: what it is and where, what is known of it, and what can be done. */
export const OperateRow = ({
  head,
  about,
  children,
  actions,
}: {
  head: ReactNode;
  about: readonly (string | false | null | undefined)[];
  children?: ReactNode;
  actions: ReactNode;
}) => (
  <div className="flex flex-wrap items-start gap-2">
    <div className="grid min-w-0 grow basis-72 gap-0.5">
      <p className="flex flex-wrap items-center gap-2">{head}</p>
      <p className="text-xs text-ink-3">{about.filter(Boolean).join(" · ")}</p>
      {children}
    </div>
    {actions && <div className="flex flex-wrap gap-1">{actions}</div>}
  </div>
);
