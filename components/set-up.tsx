"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { Button } from "./ui/button.tsx";
import { Field, inputLook } from "./ui/field.tsx";
import { Front } from "./shell/front.tsx";
import { postJson } from "./post.ts";

/** The first person makes the workspace and becomes its owner. */
export function SetUp() {
  const t = useTranslations("setUp");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const answer = await postJson("/api/auth/set-up", {
      workspace: text("workspace"),
      name: text("name"),
      email: text("email"),
      password: text("password"),
      zone,
      locale: document.documentElement.lang === "vi" ? "vi" : "en",
      currency: text("currency"),
    });
    if (answer.ok) window.location.assign("/");
    else {
      setBusy(false);
      setError(answer.text || t("offline"));
    }
  }
  return (
    <Front title={t("title")}>
      <p className="text-sm text-ink-2">{t("text")}</p>
      <form onSubmit={(e) => void submit(e)} className="grid gap-4">
        <Field label={t("workspace")} required>
          {(ids) => <input {...ids} className={inputLook} name="workspace" autoFocus required maxLength={80} />}
        </Field>
        <Field label={t("currency")} help={t("currencyHelp")} required>
          {(ids) => (
            <select {...ids} className={inputLook} name="currency" defaultValue="USD">
              {["USD", "EUR", "GBP", "VND", "JPY", "SGD", "AUD", "CAD", "CHF", "INR"].map((code) => (
                <option key={code}>{code}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("name")} required>
          {(ids) => <input {...ids} className={inputLook} name="name" autoComplete="name" required maxLength={80} />}
        </Field>
        <Field label={t("email")} required>
          {(ids) => <input {...ids} className={inputLook} name="email" type="email" autoComplete="username" required />}
        </Field>
        <Field label={t("password")} help={t("passwordHelp")} error={error} required>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              name="password"
              type="password"
              autoComplete="new-password"
              required
              minLength={10}
            />
          )}
        </Field>
        <Button kind="primary" size="large" type="submit" disabled={busy}>
          {busy ? t("busy") : t("submit")}
        </Button>
      </form>
    </Front>
  );
}
