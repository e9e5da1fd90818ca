import type { ReactNode } from "react";

/** One screen of the settings: what it is for, what can be done, then what there is. */
export const Screen = ({
  title,
  text,
  actions,
  children,
}: {
  title: string;
  text: string;
  actions?: ReactNode;
  children: ReactNode;
}) => (
  <div className="grid max-w-5xl content-start gap-4 p-4 md:p-6">
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="grid max-w-2xl gap-1">
        <h1 className="text-xl font-semibold">{title}</h1>
        <p className="text-sm text-ink-2">{text}</p>
      </div>
      {actions && <div className="ml-auto flex flex-wrap gap-2">{actions}</div>}
    </header>
    {children}
  </div>
);

/** A box of rows. */
export const Rows = ({ label, children }: { label: string; children: ReactNode }) => (
  <ul aria-label={label} className="divide-y divide-line rounded-lg border border-line bg-surface">
    {children}
  </ul>
);
