"use client";
import { ChevronRight, X } from "lucide-react";
import { useState } from "react";
import { cn } from "../../ui/cn.ts";

/** A named part of the inspector that can be folded; what is seldom set begins folded, with how much is in it. */
export function Part({
  title,
  count,
  open: first = true,
  children,
}: {
  title: string;
  count?: number;
  open?: boolean;
  children: React.ReactNode;
}) {
  const [open, setOpen] = useState(first);
  return (
    <section className="grid gap-2 border-t border-line pt-3 first:border-0 first:pt-0">
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-6 w-full items-center gap-1 rounded-sm text-left text-xs font-semibold text-ink-2 hover:text-ink"
        >
          <ChevronRight aria-hidden className={cn("size-3.5 transition-transform duration-100", open && "rotate-90")} />
          {title}
          {count ? <span className="font-normal text-ink-3">{count}</span> : null}
        </button>
      </h2>
      {open && children}
    </section>
  );
}

/** One of a list: a box with its heading and a way to remove it. */
export const Item = ({
  title,
  remove,
  onRemove,
  children,
}: {
  title: React.ReactNode;
  remove: string;
  onRemove: () => void;
  children?: React.ReactNode;
}) => (
  <div className="grid gap-2 rounded-md border border-line bg-bg p-2.5">
    <div className="flex min-w-0 items-center gap-2">
      <span className="min-w-0 truncate text-xs font-semibold">{title}</span>
      <button
        type="button"
        aria-label={remove}
        title={remove}
        className="ml-auto grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-sunken hover:text-ink"
        onClick={onRemove}
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
    {children}
  </div>
);

export const AddButton = ({ children, onClick }: { children: React.ReactNode; onClick: () => void }) => (
  <button
    type="button"
    onClick={onClick}
    className="h-7 justify-self-start rounded-md px-1 text-xs font-semibold text-accent-text hover:underline"
  >
    {"+ "}
    {children}
  </button>
);
