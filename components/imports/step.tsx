import { useId } from "react";

/** One numbered part of the way; the next one comes when this one is done. */
export function Step({ n, title, children }: { n: number; title: string; children: React.ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-3 rounded-lg border border-line bg-surface p-4">
      <h2 id={id} className="flex items-center gap-2 text-base font-semibold">
        <span className="grid size-6 place-items-center rounded-full bg-accent-soft text-xs text-accent-text tabular-nums">
          {n}
        </span>
        {title}
      </h2>
      {children}
    </section>
  );
}
