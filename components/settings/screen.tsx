import { Plus } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";

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
      <div className="grid max-w-2xl min-w-0 flex-1 basis-64 gap-1">
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

/** What there is, one row each, or why there is nothing. */
export const List = <T,>({
  label,
  none,
  items,
  children,
}: {
  label: string;
  none: string;
  items: readonly T[];
  children: (item: T) => ReactNode;
}) =>
  items.length === 0 ? <p className="text-sm text-ink-2">{none}</p> : <Rows label={label}>{items.map(children)}</Rows>;

/** Adds one more of what the screen lists. */
export const Add = ({ children, onClick }: { children: string; onClick: () => void }) => (
  <Button kind="primary" onClick={onClick}>
    <Plus aria-hidden className="size-4" />
    {children}
  </Button>
);

/** What can be done with a row; `label` says with which one, for those who hear it alone. */
export const RowButton = ({
  label,
  kind = "secondary",
  busy = false,
  onClick,
  children,
}: {
  label: string;
  kind?: "secondary" | "quiet" | "danger";
  busy?: boolean;
  onClick: () => void;
  children: ReactNode;
}) => (
  <Button size="small" kind={kind} disabled={busy} aria-label={label} onClick={onClick}>
    {children}
  </Button>
);

/** Which processes something is used by. */
export const UsedBy = ({ processes, none }: { processes: readonly { id: string; name: string }[]; none: string }) => (
  <p className="text-xs text-ink-3">
    {processes.length === 0
      ? none
      : processes.map((one, i) => (
          <span key={one.id}>
            {i > 0 && ", "}
            <Link href={`/processes/${one.id}`} className="text-accent-text hover:underline">
              {one.name}
            </Link>
          </span>
        ))}
  </p>
);
