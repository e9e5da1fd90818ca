"use client";
import { CircleHelp, Languages, LogOut, MonitorCog, Moon, Search, Sun, Waypoints } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useEffect, useRef, useState } from "react";
import { Toaster } from "sonner";
import { useTRPCClient } from "../api.tsx";
import { postJson } from "../post.ts";
import { Avatar } from "../ui/avatar.tsx";
import { cn } from "../ui/cn.ts";
import { Keys } from "./keys.tsx";
import { isTyping, places } from "./commands.ts";
import { Palette } from "./palette.tsx";
import { SignedOut } from "./signed-out.tsx";

type Theme = "system" | "light" | "dark";
type Person = { name: string; roles: string[]; memberId: string };

export function Shell({
  person,
  demo,
  theme,
  children,
}: {
  person: Person;
  demo: boolean;
  theme: Theme;
  children: React.ReactNode;
}) {
  const t = useTranslations("shell");
  const path = usePathname();
  const router = useRouter();
  const main = useRef<HTMLElement>(null);
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  const pending = useRef<string | null>(null);

  useEffect(() => main.current?.focus({ preventScroll: true }), [path]);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("palette");
        return;
      }
      if (isTyping(event)) return;
      if (event.key === "?") setOpen("keys");
      const place = pending.current === "g" ? places.find((p) => p.keys === `g ${event.key.toLowerCase()}`) : undefined;
      pending.current = event.key.toLowerCase() === "g" ? "g" : null;
      if (place) router.push(place.href);
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router]);

  const here = places.find((p) => path.startsWith(p.href));
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto] md:h-dvh md:grid-cols-[232px_minmax(0,1fr)] md:grid-rows-[48px_minmax(0,1fr)]">
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
          <span className="grid size-6 place-items-center rounded-md bg-accent text-accent-ink">
            <Waypoints aria-hidden className="size-3.5" />
          </span>
          Millrace
        </Link>
        {places.map(({ id, href, icon: Icon }) => (
          <Link
            key={id}
            href={href}
            aria-current={here?.id === id ? "page" : undefined}
            className={cn(
              "flex h-8 items-center gap-2.5 rounded-md px-2 text-sm font-medium text-ink-2 hover:bg-sunken",
              here?.id === id && "bg-accent-soft text-accent-text",
            )}
          >
            <Icon aria-hidden className="size-4" />
            {t(id)}
          </Link>
        ))}
        <div className="mt-auto grid gap-2">
          {demo && <p className="rounded-md bg-info-bg px-2 py-1.5 text-xs text-info">{t("demo")}</p>}
          <div className="flex items-center gap-2 px-1 py-1">
            <Avatar name={person.name} />
            <span className="grid min-w-0 text-xs">
              <span className="truncate font-semibold text-ink">{person.name}</span>
              <span className="truncate text-ink-3">{person.roles.map((r) => t(`role.${r}`)).join(", ")}</span>
            </span>
          </div>
        </div>
      </nav>
      <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
        <span className="text-sm font-semibold">{here ? t(here.id) : "Millrace"}</span>
        <button
          type="button"
          onClick={() => setOpen("palette")}
          className="ml-auto flex h-8 items-center gap-2 rounded-md border border-line-strong px-2.5 text-sm text-ink-3 hover:bg-sunken md:w-64"
        >
          <Search aria-hidden className="size-4" />
          <span className="hidden md:inline">{t("search")}</span>
          <kbd className="ml-auto hidden rounded-sm bg-sunken px-1.5 text-2xs text-ink-2 md:inline">Ctrl K</kbd>
        </button>
        <Choices chosen={theme} onHelp={() => setOpen("keys")} />
      </header>
      <main id="main" ref={main} tabIndex={-1} className="min-h-0 overflow-auto pb-14 outline-none md:pb-0">
        {children}
      </main>
      <nav
        aria-label={t("navigation")}
        className="fixed inset-x-0 bottom-0 z-20 grid grid-cols-4 border-t border-line bg-surface md:hidden"
      >
        {places.map(({ id, href, icon: Icon }) => (
          <Link
            key={id}
            href={href}
            aria-current={here?.id === id ? "page" : undefined}
            className={cn(
              "grid min-h-12 place-items-center content-center gap-0.5 text-2xs text-ink-2",
              here?.id === id && "text-accent-text",
            )}
          >
            <Icon aria-hidden className="size-5" />
            {t(id)}
          </Link>
        ))}
      </nav>
      <Palette open={open === "palette"} onClose={() => setOpen(null)} />
      <Keys open={open === "keys"} onClose={() => setOpen(null)} />
      <SignedOut />
      <Toaster position="bottom-center" theme="system" duration={10_000} />
    </div>
  );
}

/** Theme, language, help and the way out. */
function Choices({ chosen, onHelp }: { chosen: Theme; onHelp: () => void }) {
  const t = useTranslations("shell");
  const client = useTRPCClient();
  const [theme, setTheme] = useState(chosen);
  const remember = (name: string, value: string) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };
  const next: Theme = theme === "system" ? "light" : theme === "light" ? "dark" : "system";
  const Icon = theme === "system" ? MonitorCog : theme === "light" ? Sun : Moon;
  const look = "grid size-8 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink";
  return (
    <>
      <button
        type="button"
        className={look}
        aria-label={t("theme", { now: t(`themes.${theme}`) })}
        title={t("theme", { now: t(`themes.${theme}`) })}
        onClick={() => {
          document.documentElement.dataset.theme = next;
          setTheme(next);
          remember("theme", next);
        }}
      >
        <Icon aria-hidden className="size-4" />
      </button>
      <button
        type="button"
        className={look}
        aria-label={t("language")}
        title={t("language")}
        onClick={() => {
          const locale = document.documentElement.lang === "vi" ? "en" : "vi";
          remember("locale", locale);
          void client.me.change.mutate({ locale }).finally(() => window.location.reload());
        }}
      >
        <Languages aria-hidden className="size-4" />
      </button>
      <button type="button" className={look} aria-label={t("keys")} title={t("keys")} onClick={onHelp}>
        <CircleHelp aria-hidden className="size-4" />
      </button>
      <button
        type="button"
        className={look}
        aria-label={t("signOut")}
        title={t("signOut")}
        onClick={() => void postJson("/api/auth/sign-out", {}).then(() => window.location.assign("/sign-in"))}
      >
        <LogOut aria-hidden className="size-4" />
      </button>
    </>
  );
}
