"use client";
import { Copy } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { Add, List, RowButton, Screen } from "./screen.tsx";
import { Ticks } from "./ticks.tsx";
import { useAct } from "../use-act.ts";

type Keys = Awaited<ReturnType<Caller["keys"]["list"]>>;
type NewKey = Parameters<Caller["keys"]["create"]>[0];

/** Keys for programs. A key does what its maker may, and of that only what its scopes name. */
export function KeysScreen({
  keys,
  areas,
  people,
}: {
  keys: Keys;
  /** Areas of the authorisation table: "records", "reports" … */
  areas: string[];
  people: Record<string, string>;
}) {
  const t = useTranslations("settings.keys");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [making, setMaking] = useState(false);
  return (
    <Screen title={t("title")} text={t("text")} actions={<Add onClick={() => setMaking(true)}>{t("add")}</Add>}>
      <List label={t("title")} none={t("none")} items={keys}>
        {(key) => {
          const over = key.revokedAt !== null ? "revoked" : key.expiresAt <= format.now ? "expired" : null;
          return (
            <li key={key.id} className="flex flex-wrap items-center gap-2 p-3">
              <div className="grid min-w-0 gap-0.5 text-sm">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-semibold">{key.name}</span>
                  {over ? <Status kind="none">{t(over)}</Status> : <Status kind="on_track">{t("active")}</Status>}
                </p>
                <p className="break-words text-ink-2">{key.scopes.join(", ")}</p>
                <p className="text-xs text-ink-3">
                  {t("madeBy", {
                    name: people[key.memberId] ?? key.memberId,
                    when: format.date(key.createdAt),
                    until: format.date(key.expiresAt),
                  })}
                </p>
              </div>
              {!over && (
                <div className="ml-auto">
                  <RowButton
                    kind="danger"
                    busy={busy}
                    label={t("revokeOf", { name: key.name })}
                    onClick={() =>
                      void act(() => client.keys.revoke.mutate({ id: key.id }), t("revokedDone", { name: key.name }))
                    }
                  >
                    {t("revoke")}
                  </RowButton>
                </div>
              )}
            </li>
          );
        }}
      </List>
      {making && <NewKeyDialog areas={areas} onClose={() => setMaking(false)} />}
    </Screen>
  );
}

function NewKeyDialog({ areas, onClose }: { areas: string[]; onClose: () => void }) {
  const t = useTranslations("settings.keys");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [scopes, setScopes] = useState<string[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (scopes.length === 0) return setError(t("needsScope"));
    await act(async () => {
      const made = await client.keys.create.mutate({
        name: String(form.get("name") ?? "").trim(),
        scopes: scopes as NewKey["scopes"],
        days: Number(form.get("days") ?? 90),
      });
      setSecret(made.secret);
    }, t("made"));
  }
  if (secret)
    return (
      <Dialog open onClose={onClose} title={t("secretTitle")}>
        <div className="grid gap-3 text-sm">
          <p className="rounded-md bg-risk-bg px-3 py-2 text-risk">{t("secretText")}</p>
          <code className="rounded-md bg-sunken p-3 break-all">{secret}</code>
          <div className="flex gap-2">
            <Button
              kind="primary"
              onClick={() =>
                void navigator.clipboard.writeText(secret).then(
                  () => toast(t("copied")),
                  (failed: unknown) => toast.error(refusalOf(failed).text),
                )
              }
            >
              <Copy aria-hidden className="size-4" />
              {t("copy")}
            </Button>
            <Button onClick={onClose}>{t("kept")}</Button>
          </div>
        </div>
      </Dialog>
    );
  return (
    <Dialog open onClose={onClose} title={t("add")}>
      <form onSubmit={(e) => void submit(e)} className="grid gap-4">
        <Field label={t("name")} help={t("nameHelp")} required>
          {(ids) => <input {...ids} name="name" required maxLength={80} className={inputLook} />}
        </Field>
        <Field label={t("days")}>
          {(ids) => (
            <select {...ids} name="days" defaultValue="90" className={inputLook}>
              {[7, 30, 90, 180, 365].map((days) => (
                <option key={days} value={days}>
                  {t("daysLong", { n: days })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Ticks
          label={t("scopes")}
          help={t("scopesHelp")}
          error={error}
          options={[
            { value: "*", label: t("everything") },
            ...areas.map((area) => ({
              value: `${area}.*`,
              label: t.has(`areas.${area}`) ? t(`areas.${area}`) : area,
            })),
          ]}
          chosen={scopes}
          onChange={(next) => {
            setScopes(next);
            setError(null);
          }}
        />
        <Button kind="primary" size="large" type="submit" disabled={busy}>
          {t("add")}
        </Button>
      </form>
    </Dialog>
  );
}
