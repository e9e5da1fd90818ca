"use client";
import { CircleHelp, Languages, LogOut, MonitorCog, Moon, Sun } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { useTRPCClient } from "../api.tsx";
import { postJson } from "../post.ts";
import { remember } from "./remember.ts";

export type Theme = "system" | "light" | "dark";

/** Theme, language, help and the way out. */
export function Choices({ chosen, onHelp }: { chosen: Theme; onHelp: () => void }) {
  const t = useTranslations("shell");
  const client = useTRPCClient();
  const [theme, setTheme] = useState(chosen);
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
