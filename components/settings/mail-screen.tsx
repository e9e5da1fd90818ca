"use client";
import { Send } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Status } from "../ui/status.tsx";
import { Screen } from "./screen.tsx";

type State = Awaited<ReturnType<Caller["mail"]["state"]>>;

/** Whether mail can leave, and a test of it. */
export function MailScreen({ state }: { state: State }) {
  const t = useTranslations("settings.mail");
  const client = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<{ ok: boolean; text: string } | null>(null);
  async function test() {
    setBusy(true);
    try {
      const { to } = await client.mail.test.mutate();
      setResult({ ok: true, text: t("sent", { to }) });
    } catch (error) {
      setResult({ ok: false, text: refusalOf(error).text });
    }
    setBusy(false);
  }
  return (
    <Screen title={t("title")} text={t("text")}>
      <div className="grid max-w-2xl gap-3 rounded-lg border border-line bg-surface p-4 text-sm">
        <p>
          {state.configured ? <Status kind="on_track">{t("on")}</Status> : <Status kind="at_risk">{t("off")}</Status>}
        </p>
        {state.configured ? (
          <p className="text-ink-2">{t("from", { from: state.from ?? "" })}</p>
        ) : (
          <>
            <p className="text-ink-2">{t("how")}</p>
            <pre className="overflow-x-auto rounded-md bg-sunken p-3 text-xs" tabIndex={0}>
              {
                "MILLRACE_SMTP_URL=smtp://user:password@mail.example.com:587\nMILLRACE_MAIL_FROM='Millrace <millrace@example.com>'"
              }
            </pre>
          </>
        )}
        {state.configured && (
          <Button kind="primary" className="w-fit" disabled={busy} onClick={() => void test()}>
            <Send aria-hidden className="size-4" />
            {t("test", { to: state.to })}
          </Button>
        )}
        <p role="status" className={result ? (result.ok ? "text-ok" : "text-breach") : undefined}>
          {result?.text}
        </p>
      </div>
    </Screen>
  );
}
