"use client";
import { LogIn } from "lucide-react";
import { useTranslations } from "use-intl";
import { useEffect, useSyncExternalStore } from "react";
import { useTRPCClient } from "../api.tsx";
import { signedOut } from "../signed-out.ts";
import { Button, buttonLook } from "../ui/button.tsx";

const lookMs = 3_000;

/**
 * The sign-in ended while a page was open. It stays as it is, with everything that was typed: one signs in again in a new tab
 * and goes on here. Coming back to this tab looks whether that has happened, and so does every third second: a call that was on its
 * way meanwhile may be refused after the one that was answered.
 */
export function SignedOut() {
  const t = useTranslations("signedOut");
  const client = useTRPCClient();
  const out = useSyncExternalStore(signedOut.listen, signedOut.is, () => false);
  useEffect(() => {
    if (!out) return;
    // Any answer takes the notice back; a refusal leaves it.
    const look = () => void client.me.read.query().catch(() => undefined);
    const again = setInterval(look, lookMs);
    window.addEventListener("focus", look);
    return () => {
      clearInterval(again);
      window.removeEventListener("focus", look);
    };
  }, [out, client]);
  if (!out) return null;
  return (
    <div
      role="alert"
      className="fixed inset-x-3 top-3 z-50 mx-auto grid max-w-xl gap-2 rounded-lg border border-risk-solid bg-surface p-3 text-sm shadow-overlay"
    >
      <p className="font-semibold">{t("title")}</p>
      <p className="text-ink-2">{t("text")}</p>
      <p className="flex flex-wrap gap-2">
        <a href="/sign-in" target="_blank" rel="noreferrer" className={buttonLook({ kind: "primary" })}>
          <LogIn aria-hidden className="size-4" />
          {t("open")}
        </a>
        <Button onClick={() => void client.me.read.query().catch(() => undefined)}>{t("goOn")}</Button>
      </p>
    </div>
  );
}
