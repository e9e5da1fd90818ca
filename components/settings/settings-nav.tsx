"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { sectionsFor } from "../shell/sections.ts";
import { cn } from "../ui/cn.ts";
import { useInView } from "../ui/in-view.ts";

/** The screens of the settings this person may open: beside the screen, on a phone above it. */
export function SettingsNav({ roles, demo }: { roles: readonly string[]; demo: boolean }) {
  const t = useTranslations("settings");
  const path = usePathname();
  const here = useInView(path);
  return (
    <nav
      aria-label={t("title")}
      className="flex gap-1 overflow-x-auto border-b border-line bg-surface p-2 lg:grid lg:content-start lg:border-r lg:border-b-0 lg:p-3"
    >
      {sectionsFor(roles, demo).map(({ id, href, icon: Icon }) => (
        <Link
          key={id}
          href={href}
          ref={path === href ? here : undefined}
          aria-current={path === href ? "page" : undefined}
          className={cn(
            "flex h-8 shrink-0 items-center gap-2 rounded-md px-2 text-sm text-ink-2 hover:bg-sunken max-lg:h-11",
            path === href && "bg-accent-soft font-medium text-accent-text",
          )}
        >
          <Icon aria-hidden className="size-4" />
          {t(`sections.${id}`)}
        </Link>
      ))}
    </nav>
  );
}
