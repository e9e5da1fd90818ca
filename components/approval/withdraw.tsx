"use client";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { AskedView } from "@/server/inbox/asked-view.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";

/** Taking a request back, with what becomes of it said before. Nothing where the reader may not. */
export function Withdraw({ asked, withdraw }: { asked: AskedView; withdraw: (reason: string) => Promise<unknown> }) {
  const t = useTranslations("asked");
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  if (!asked.withdraw) return null;
  async function submit() {
    setBusy(true);
    await withdraw(reason.trim()).finally(() => setBusy(false));
    setOpen(false);
  }
  return (
    <>
      <Button size="small" kind="quiet" className="justify-self-start" onClick={() => setOpen(true)}>
        <Undo2 aria-hidden className="size-3.5" />
        {t("withdraw")}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("withdrawTitle", { step: asked.name })}>
        <div className="grid gap-3">
          <p className="text-sm">{t(`withdraws.${asked.withdraw}`)}</p>
          <Field label={t("withdrawReason")}>
            {(ids) => (
              <input
                {...ids}
                className={inputLook}
                maxLength={500}
                value={reason}
                onChange={(e) => setReason(e.target.value)}
              />
            )}
          </Field>
          <Button kind="primary" className="justify-self-end" disabled={busy} onClick={() => void submit()}>
            {t("withdraw")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
