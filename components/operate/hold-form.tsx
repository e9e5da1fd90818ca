"use client";
import { useTranslations } from "use-intl";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";

export type Clocks = "pause" | "go_on";

/** Why something is held still, and what its clocks do meanwhile; `children` choose what. */
export function HoldForm({
  label,
  busy,
  onHold,
  onLeave,
  children,
}: {
  label: string;
  busy: boolean;
  onHold: (reason: string, clocks: Clocks, form: FormData) => void;
  onLeave: () => void;
  children?: ReactNode;
}) {
  const t = useTranslations("operate.batch");
  return (
    <form
      aria-label={label}
      className="flex flex-wrap items-end gap-2 rounded-lg border border-line bg-surface p-3"
      onSubmit={(e) => {
        e.preventDefault();
        const form = new FormData(e.currentTarget);
        const reason = String(form.get("reason") ?? "").trim();
        if (reason) onHold(reason, form.get("clocks") === "go_on" ? "go_on" : "pause", form);
      }}
    >
      {children}
      <Field label={t("clocks")}>
        {(ids) => (
          <select {...ids} name="clocks" className={inputLook}>
            <option value="pause">{t("clocksPause")}</option>
            <option value="go_on">{t("clocksGoOn")}</option>
          </select>
        )}
      </Field>
      <Field label={t("reason")} required className="min-w-48 flex-1">
        {(ids) => <input {...ids} name="reason" required maxLength={500} className={inputLook} />}
      </Field>
      <Button kind="primary" type="submit" className="h-9" disabled={busy}>
        {label}
      </Button>
      <Button kind="quiet" className="h-9" onClick={onLeave}>
        {t("leave")}
      </Button>
    </form>
  );
}
