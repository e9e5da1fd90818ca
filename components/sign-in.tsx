"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { Button } from "./ui/button.tsx";
import { Field, inputLook } from "./ui/field.tsx";
import { Front } from "./shell/front.tsx";
import { postJson } from "./post.ts";

type DemoPerson = { name: string; title: string; email: string; password: string };

export function SignIn({
  next,
  expired,
  demoPeople,
}: {
  next: string;
  expired: boolean;
  /** Shown as one-click buttons; only the demo has any. */
  demoPeople: readonly DemoPerson[];
}) {
  const t = useTranslations("signIn");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    await enter(String(form.get("email")), String(form.get("password")));
  }
  async function enter(email: string, password: string) {
    setBusy(true);
    const answer = await postJson("/api/auth/sign-in", { email, password });
    if (answer.ok) window.location.assign(next);
    else {
      setBusy(false);
      setError(answer.text || t("offline"));
    }
  }
  return (
    <Front title={t("title")}>
      {expired && <p className="rounded-md bg-info-bg px-3 py-2 text-sm text-info">{t("expired")}</p>}
      {demoPeople.length > 0 && (
        <section aria-labelledby="demo-people" className="grid gap-2">
          <h2 id="demo-people" className="text-sm text-ink-2">
            {t("demoPeople")}
          </h2>
          {demoPeople.map((person) => (
            <Button
              key={person.email}
              type="button"
              disabled={busy}
              onClick={() => void enter(person.email, person.password)}
            >
              {person.name} · {person.title}
            </Button>
          ))}
        </section>
      )}
      <form onSubmit={(e) => void submit(e)} className="grid gap-4">
        <Field label={t("email")} required>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              name="email"
              type="email"
              autoComplete="username"
              autoFocus
              required
            />
          )}
        </Field>
        <Field label={t("password")} error={error} required>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              name="password"
              type="password"
              autoComplete="current-password"
              required
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
