"use client";
import { PanelLeftClose, PanelLeftOpen, Search, Waypoints } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useEffect, useRef, useState } from "react";
import { Avatar } from "../ui/avatar.tsx";
import { cn } from "../ui/cn.ts";
import { laterDialog } from "../ui/dialog.tsx";
import { Toasts } from "../ui/toast.tsx";
import { Choices, type Theme } from "./choices.tsx";
import { isTyping, mayGo, places } from "./commands.ts";
import { remember } from "./remember.ts";
import { SignedOut } from "./signed-out.tsx";

const Palette = laterDialog(() => import("./palette.tsx").then((m) => m.Palette));
const Keys = laterDialog(() => import("./keys.tsx").then((m) => m.Keys));

type Person = { name: string; roles: string[]; memberId: string };

export function Shell({
  person,
  demo,
  theme,
  incidents,
  railOpen,
  crumbs,
  children,
}: {
  person: Person;
  demo: boolean;
  theme: Theme;
  /** How many are open; 0 for those who may not see them. */
  incidents: number;
  railOpen: boolean;
  /** The trail of a deep page; nothing where the section says it all. */
  crumbs: React.ReactNode;
  children: React.ReactNode;
}) {
  const t = useTranslations("shell");
  const path = usePathname();
  const router = useRouter();
  const main = useRef<HTMLElement>(null);
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  const [wide, setWide] = useState(railOpen);
  const pending = useRef<string | null>(null);
  const mine = places.filter(mayGo(person.roles));

  // After a change of route the screen has the focus; at the first load the skip link is the first stop.
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("palette");
        return;
      }
      if (isTyping(event)) return;
      const key = event.key.toLowerCase();
      const place = pending.current === "g" ? mine.find((p) => p.keys === `g ${key}`) : undefined;
      pending.current = key === "g" ? "g" : null;
      if (place) router.push(place.href);
      else if (key === "?") setOpen("keys");
      else if (key === "/") setOpen("palette");
      else if (key === "[") setWide((was) => !was);
      else return;
      // Seen first, so that the second key of a pair means nothing else on the page below.
      event.preventDefault();
      event.stopPropagation();
    }
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  });
  useEffect(() => {
    remember("rail", wide ? "open" : "closed");
  }, [wide]);

  const here = places.find((p) => path.startsWith(p.href));
  return (
    <div
      className={cn(
        "grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)] md:grid-rows-[48px_minmax(0,1fr)]",
        wide ? "md:grid-cols-[232px_minmax(0,1fr)]" : "md:grid-cols-[56px_minmax(0,1fr)]",
      )}
    >
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t("skip")}
      </a>
      <nav
        aria-label={t("navigation")}
        className="row-span-2 hidden flex-col gap-1 border-r border-line bg-surface p-2 md:flex"
      >
        <Link href="/" className="mb-2 flex h-8 items-center gap-2 px-2 text-sm font-semibold">
          <span className="grid size-6 shrink-0 place-items-center rounded-md bg-accent text-accent-ink">
            <Waypoints aria-hidden className="size-3.5" />
          </span>
          <span className={cn(!wide && "sr-only")}>Millrace</span>
        </Link>
        {mine.map(({ id, href, icon: Icon, keys }) => (
          <Link
            key={id}
            href={href}
            title={`${t(id)} (${keys})`}
            aria-current={here?.id === id ? "page" : undefined}
            className={cn(
              "relative flex h-8 items-center gap-2.5 rounded-md px-2 text-sm font-medium text-ink-2 hover:bg-sunken",
              here?.id === id && "bg-accent-soft text-accent-text",
              !wide && "justify-center",
            )}
          >
            <span className={cn("shrink-0", !wide && "relative")}>
              <Icon aria-hidden className="size-4" />
              {!wide && id === "operate" && incidents > 0 && <Badge count={incidents} small />}
            </span>
            <span className={cn("truncate", !wide && "sr-only")}>{t(id)}</span>
            {wide && id === "operate" && incidents > 0 && <Badge count={incidents} small={false} />}
          </Link>
        ))}
        <div className="mt-auto grid gap-2">
          {demo && wide && (
            <p className="rounded-md bg-info-bg px-2 py-1.5 text-xs text-info">
              {t("demo")}
              {person.roles.includes("admin") && (
                <Link href="/settings/demo" className="ml-1 font-semibold underline">
                  {t("clearDemo")}
                </Link>
              )}
            </p>
          )}
          <Link href="/settings/appearance" className="flex items-center gap-2 rounded-md px-1 py-1 hover:bg-sunken">
            <Avatar name={person.name} />
            <span className={cn("grid min-w-0 text-xs", !wide && "sr-only")}>
              <span className="truncate font-semibold text-ink">{person.name}</span>
              <span className="truncate text-ink-3">{person.roles.map((r) => t(`role.${r}`)).join(", ")}</span>
            </span>
          </Link>
          <button
            type="button"
            aria-label={t("rail")}
            aria-expanded={wide}
            title={`${t("rail")} ([)`}
            onClick={() => setWide(!wide)}
            className="grid h-7 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
          >
            {wide ? (
              <PanelLeftClose aria-hidden className="size-4" />
            ) : (
              <PanelLeftOpen aria-hidden className="size-4" />
            )}
          </button>
        </div>
      </nav>
      <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
        {crumbs}
        <span className="text-sm font-semibold [nav+&]:hidden">{here ? t(here.id) : "Millrace"}</span>
        <button
          type="button"
          onClick={() => setOpen("palette")}
          className="ml-auto flex h-8 shrink-0 items-center gap-2 rounded-md border border-line-strong px-2.5 text-sm text-ink-3 hover:bg-sunken md:w-64"
        >
          <Search aria-hidden className="size-4" />
          <span className="sr-only md:not-sr-only">{t("search")}</span>
          <kbd className="ml-auto hidden rounded-sm bg-sunken px-1.5 text-2xs text-ink-2 md:inline">Ctrl K</kbd>
        </button>
        <Choices chosen={theme} onHelp={() => setOpen("keys")} />
      </header>
      <main id="main" ref={main} tabIndex={-1} className="min-h-0 overflow-auto pb-14 outline-none md:pb-0">
        {children}
      </main>
      <nav
        aria-label={t("navigation")}
        className="fixed inset-x-0 bottom-0 z-20 grid auto-cols-fr grid-flow-col border-t border-line bg-surface md:hidden"
      >
        {mine.map(({ id, href, icon: Icon }) => (
          <Link
            key={id}
            href={href}
            aria-current={here?.id === id ? "page" : undefined}
            className={cn(
              "grid min-h-12 place-items-center content-center gap-0.5 text-2xs text-ink-2",
              here?.id === id && "text-accent-text",
            )}
          >
            <span className="relative">
              <Icon aria-hidden className="size-5" />
              {id === "operate" && incidents > 0 && <Badge count={incidents} small />}
            </span>
            <span className="max-w-full truncate tracking-tight">
              {t.has(`short.${id}`) ? t(`short.${id}`) : t(id)}
            </span>
          </Link>
        ))}
      </nav>
      <Palette open={open === "palette"} onClose={() => setOpen(null)} roles={person.roles} demo={demo} />
      <Keys open={open === "keys"} onClose={() => setOpen(null)} roles={person.roles} />
      <SignedOut />
      <Toasts />
    </div>
  );
}

/** How many wait. Small: on the corner of an icon, where the number has no room beside the word. */
function Badge({ count, small }: { count: number; small: boolean }) {
  const t = useTranslations("shell");
  return (
    <span
      className={cn(
        "grid h-4 min-w-4 place-items-center rounded-full bg-breach-bg px-1 text-2xs font-semibold text-breach tabular-nums",
        small ? "absolute -top-1.5 left-2.5" : "ml-auto",
      )}
    >
      <span aria-hidden>{count > 99 ? "99+" : count}</span>
      <span className="sr-only">{t("stuck", { n: count })}</span>
    </span>
  );
}
