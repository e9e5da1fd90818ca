"use client";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import type { PersonRow } from "./people-screen.tsx";
import { useSaving } from "../use-saving.ts";

/** A new password for somebody who can sign in, or the first one, with an address, for somebody who cannot yet. */
export function SignInDialog({ person, onClose }: { person: PersonRow; onClose: () => void }) {
  const t = useTranslations("settings.people");
  const client = useTRPCClient();
  const { busy, made, submit } = useSaving({
    read: (form) => ({
      password: String(form.get("password") ?? ""),
      email: String(form.get("email") ?? "").trim(),
    }),
    send: async ({ password, email }, letIn: boolean | null) => {
      const { id } = person;
      if (person.signsIn || letIn) await client.people.setPassword.mutate({ id, password });
      else await client.people.letSignIn.mutate({ id, email, password });
      return true;
    },
    said: (_, letIn) => t(person.signsIn || letIn ? "passwordSet" : "letInDone", { name: person.name }),
    done: onClose,
  });
  return (
    <Dialog open onClose={onClose} title={t(person.signsIn ? "passwordOf" : "letInOf", { name: person.name })}>
      <form onSubmit={submit} className="grid gap-4">
        <p className="text-sm text-ink-2">{t(person.signsIn ? "passwordText" : "letInText")}</p>
        {!person.signsIn && (
          <Field label={t("email")} required>
            {(ids) => (
              <input
                {...ids}
                name="email"
                type="email"
                required
                // Sent once; a password that is typed meanwhile is a new one.
                readOnly={busy || made !== null}
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
        <SaveButton busy={busy}>{t("save")}</SaveButton>
      </form>
    </Dialog>
  );
}
