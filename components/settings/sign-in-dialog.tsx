"use client";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import type { PersonRow } from "./people-screen.tsx";
import { useAct } from "../use-act.ts";

/** A new password for somebody who can sign in, or the first one, with an address, for somebody who cannot yet. */
export function SignInDialog({ person, onClose }: { person: PersonRow; onClose: () => void }) {
  const t = useTranslations("settings.people");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get("password") ?? "");
    const email = String(form.get("email") ?? "").trim();
    const done = person.signsIn
      ? await act(
          () => client.people.setPassword.mutate({ id: person.id, password }),
          t("passwordSet", { name: person.name }),
        )
      : await act(
          () => client.people.letSignIn.mutate({ id: person.id, email, password }),
          t("letInDone", { name: person.name }),
        );
    if (done) onClose();
  }
  return (
    <Dialog open onClose={onClose} title={t(person.signsIn ? "passwordOf" : "letInOf", { name: person.name })}>
      <form onSubmit={(e) => void submit(e)} className="grid gap-4">
        <p className="text-sm text-ink-2">{t(person.signsIn ? "passwordText" : "letInText")}</p>
        {!person.signsIn && (
          <Field label={t("email")} required>
            {(ids) => (
              <input
                {...ids}
                name="email"
                type="email"
                required
                maxLength={200}
                defaultValue={person.email}
                className={inputLook}
              />
            )}
          </Field>
        )}
        <Field label={t("firstPassword")} help={t("firstPasswordHelp")} required>
          {(ids) => (
            <input
              {...ids}
              name="password"
              type="text"
              autoComplete="off"
              required
              minLength={10}
              maxLength={200}
              className={inputLook}
            />
          )}
        </Field>
        <Button kind="primary" size="large" type="submit" disabled={busy}>
          {t("save")}
        </Button>
      </form>
    </Dialog>
  );
}
