"use client";
import { Activity, AlertOctagon, ListChecks, Timer, Workflow } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { useInView } from "../ui/in-view.ts";

const tabs = [
  { id: "runs", href: "/operate", icon: Workflow },
  { id: "incidents", href: "/operate/incidents", icon: AlertOctagon },
  { id: "jobs", href: "/operate/jobs", icon: Timer },
  { id: "batches", href: "/operate/batches", icon: ListChecks },
  { id: "health", href: "/operate/health", icon: Activity },
] as const;

/** The screens of those who run the product. */
export function OperateNav() {
  const t = useTranslations("operate");
  const path = usePathname();
  const open = useInView(path);
  const here = tabs.findLast(({ href }) => path === href || path.startsWith(`${href}/`));
  return (
    <nav aria-label={t("title")} className="flex gap-1 overflow-x-auto border-b border-line bg-surface px-2">
      {tabs.map(({ id, href, icon: Icon }) => (
        <Link
          key={id}
          href={href}
          ref={here?.id === id ? open : undefined}
          aria-current={here?.id === id ? "page" : undefined}
          className={cn(
            "flex h-10 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-sm text-ink-2 hover:text-ink max-md:h-11",
            here?.id === id && "border-accent font-medium text-accent-text",
          )}
        >
          <Icon aria-hidden className="size-4" />
          {t(`tabs.${id}`)}
        </Link>
      ))}
    </nav>
  );
}
