import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { cn } from "../ui/cn.ts";

/** A place on the way to a page; the page itself needs no address. */
export type Crumb = { name: string; href: string | null };

/** Where one is, and the way back: the whole of it, on a phone the step back. */
export const Crumbs = ({ label, trail }: { label: string; trail: readonly Crumb[] }) => (
  <nav aria-label={label} className="min-w-0 flex-1">
    <ol className="flex items-center">
      {trail.map(({ name, href }, i) => {
        const isHere = i === trail.length - 1;
        const isBack = i === trail.length - 2;
        return (
          <li
            key={href ?? name}
            className={cn(
              "flex min-w-0 items-center text-sm",
              isHere ? "max-md:sr-only" : "md:shrink-0",
              !isHere && !isBack && "max-md:hidden",
            )}
          >
            {i > 0 && <ChevronRight aria-hidden className="mx-1 size-3.5 shrink-0 text-ink-3 max-md:hidden" />}
            {isHere || !href ? (
              <span aria-current="page" title={name} className="truncate font-semibold">
                {name}
              </span>
            ) : (
              <Link
                href={href}
                className="flex h-8 min-w-0 items-center gap-1 rounded-md text-ink-2 hover:text-ink hover:underline max-md:h-11 max-md:font-semibold max-md:text-ink"
              >
                {isBack && <ChevronLeft aria-hidden className="size-4 shrink-0 md:hidden" />}
                <span className="max-w-64 truncate">{name}</span>
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  </nav>
);
