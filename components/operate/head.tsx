import type { ReactNode } from "react";

/** What a screen is for, and what can be done on it. */
export const Head = ({ title, text, children }: { title: string; text: string; children?: ReactNode }) => (
  <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
    <div className="grid max-w-2xl min-w-0 flex-1 basis-64 gap-1">
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="text-sm text-ink-2">{text}</p>
    </div>
    {children && <div className="ml-auto flex flex-wrap gap-2">{children}</div>}
  </header>
);

/** A figure with its name. */
export const Figure = ({ name, value, note }: { name: string; value: string; note?: string | null }) => (
  <div className="grid content-start gap-0.5 rounded-lg border border-line bg-surface p-3">
    <dt className="text-xs text-ink-2">{name}</dt>
    <dd className="text-lg font-semibold tabular-nums">{value}</dd>
    {note && <dd className="text-xs text-ink-3">{note}</dd>}
  </div>
);

export const cell = "px-3 py-1.5 text-left align-top";
