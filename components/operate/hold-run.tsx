"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { useAct } from "../use-act.ts";
import { HoldForm } from "./hold-form.tsx";

/** Holds one run still, or lets it go on. */
export function HoldRun({ id, status }: { id: string; status: string }) {
  const t = useTranslations("operate.hold");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [open, setOpen] = useState(false);
  if (status === "suspended")
    return (
      <Button
        size="small"
        className="w-fit"
        disabled={busy}
        onClick={() => void act(() => client.runs.resume.mutate({ id }), t("resumed"))}
      >
        {t("resume")}
      </Button>
    );
  if (status !== "active") return null;
  return open ? (
    <HoldForm
      label={t("suspend")}
      busy={busy}
      onLeave={() => setOpen(false)}
      onHold={(reason, clocks) => {
        setOpen(false);
        void act(() => client.runs.suspend.mutate({ id, reason, clocks }), t("suspended"));
      }}
    />
  ) : (
    <Button size="small" kind="quiet" className="w-fit" disabled={busy} onClick={() => setOpen(true)}>
      {t("suspendOpen")}
    </Button>
  );
}
