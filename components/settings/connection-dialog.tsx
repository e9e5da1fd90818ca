"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { ApiConfig, ConnectionConfig, Taking } from "@/server/engine/connection.ts";
import { useTRPCClient } from "../api.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import { useSaving } from "../use-saving.ts";
import type { Connection } from "./connections-screen.tsx";
import { HookFields } from "./hook-fields.tsx";
import { keyOf } from "./key-of.ts";
import { Operations } from "./operations.tsx";

export type RecordChoices = readonly {
  key: string;
  label: string;
  fields: readonly { name: string; label: string }[];
}[];
type Made = { id: string; key: string; secret: string | null };
type Auth = ApiConfig["auth"];
type Kind = ConnectionConfig["kind"];

const emptyApi: ApiConfig = { kind: "api", base: "https://", auth: { how: "bearer" }, operations: {} };
const emptyHook: Taking = { what: "message", event: "payment.received" };

/** A connection, new or changed. A secret is typed in and never shown; left empty it stays as it is. */
export function ConnectionDialog({
  connection,
  types,
  events,
  onClose,
  onSecret,
}: {
  connection: Connection | null;
  types: RecordChoices;
  events: readonly string[];
  onClose: () => void;
  onSecret: (secret: string) => void;
}) {
  const t = useTranslations("settings.connections");
  const client = useTRPCClient();
  const [kind, setKind] = useState<Kind>(connection?.config.kind ?? "api");
  const [name, setName] = useState(connection?.name ?? "");
  const [api, setApi] = useState<ApiConfig>(connection?.config.kind === "api" ? connection.config : emptyApi);
  const [style, setStyle] = useState(connection?.config.kind === "chat" ? connection.config.style : "slack");
  const [takes, setTakes] = useState<Taking>(connection?.config.kind === "hook" ? connection.config.takes : emptyHook);
  const [secret, setSecret] = useState("");
  const config = (): ConnectionConfig =>
    kind === "api" ? api : kind === "chat" ? { kind, style } : { kind: "hook", takes };
  const { busy, made, submit } = useSaving({
    read: () => ({ name: name.trim(), config: config(), ...(secret && { secret }) }),
    send: async (values, before: Made | null) => {
      const key = connection?.key ?? before?.key ?? (keyOf(values.name) || "connection");
      const saved = await client.connections.save.mutate({ id: connection?.id ?? before?.id ?? null, key, ...values });
      return { id: saved.id, key, secret: saved.secret ?? before?.secret ?? null };
    },
    said: () => t("saved"),
    done: close,
  });
  /** The secret that was made is shown once, and not over what is still being typed. */
  function close() {
    if (made?.secret) onSecret(made.secret);
    onClose();
  }
  const typed = kind === "chat" || (kind === "api" && api.auth.how !== "none" && api.auth.how !== "signed");
  return (
    <Dialog open onClose={close} title={connection ? t("editOf", { name: connection.name }) : t("add")}>
      <form onSubmit={submit} className="grid gap-4">
        {!connection && !made && (
          <Field label={t("what")}>
            {(ids) => (
              <select {...ids} className={inputLook} value={kind} onChange={(e) => setKind(e.target.value as Kind)}>
                {(["api", "chat", "hook"] as const).map((one) => (
                  <option key={one} value={one}>
                    {t(`kindLong.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={t("name")} required>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              required
              maxLength={80}
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Field>
        {kind === "api" && <ApiFields api={api} onChange={setApi} />}
        {kind === "chat" && (
          <Field label={t("style")}>
            {(ids) => (
              <select
                {...ids}
                className={inputLook}
                value={style}
                onChange={(e) => setStyle(e.target.value as typeof style)}
              >
                <option value="slack">Slack</option>
                <option value="teams">Microsoft Teams</option>
                <option value="google">Google Chat</option>
              </select>
            )}
          </Field>
        )}
        {kind === "hook" && <HookFields takes={takes} types={types} events={events} onChange={setTakes} />}
        {typed && (
          <Field
            label={kind === "chat" ? t("webhookAddress") : t("secret")}
            help={connection?.hasSecret ? t("secretKept") : t("secretHelp")}
            required={!connection?.hasSecret}
          >
            {(ids) => (
              <input
                {...ids}
                className={inputLook}
                type="password"
                autoComplete="off"
                required={!connection?.hasSecret}
                maxLength={4000}
                value={secret}
                onChange={(e) => setSecret(e.target.value)}
              />
            )}
          </Field>
        )}
        <SaveButton busy={busy}>{t("save")}</SaveButton>
      </form>
    </Dialog>
  );
}

function ApiFields({ api, onChange }: { api: ApiConfig; onChange: (api: ApiConfig) => void }) {
  const t = useTranslations("settings.connections");
  const { auth } = api;
  const proof = (how: string): Auth =>
    how === "basic"
      ? { how, user: "" }
      : how === "header"
        ? { how, name: "X-Api-Key" }
        : how === "none" || how === "signed"
          ? { how }
          : { how: "bearer" };
  return (
    <>
      <Field label={t("base")} help={t("baseHelp")} required>
        {(ids) => (
          <input
            {...ids}
            className={inputLook}
            type="url"
            required
            maxLength={500}
            value={api.base}
            onChange={(e) => onChange({ ...api, base: e.target.value })}
          />
        )}
      </Field>
      <Field label={t("auth")}>
        {(ids) => (
          <select
            {...ids}
            className={inputLook}
            value={auth.how}
            onChange={(e) => onChange({ ...api, auth: proof(e.target.value) })}
          >
            {(["none", "bearer", "basic", "header", "signed"] as const).map((how) => (
              <option key={how} value={how}>
                {t(`how.${how}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {auth.how === "basic" && (
        <Field label={t("user")} required>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              required
              autoComplete="off"
              value={auth.user}
              onChange={(e) => onChange({ ...api, auth: { how: "basic", user: e.target.value } })}
            />
          )}
        </Field>
      )}
      {auth.how === "header" && (
        <Field label={t("header")} required>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              required
              pattern="[A-Za-z0-9\-]{1,64}"
              value={auth.name}
              onChange={(e) => onChange({ ...api, auth: { how: "header", name: e.target.value } })}
            />
          )}
        </Field>
      )}
      <Operations value={api.operations} onChange={(operations) => onChange({ ...api, operations })} />
      <Field label={t("testPath")} help={t("testPathHelp")}>
        {(ids) => (
          <input
            {...ids}
            className={inputLook}
            pattern="/.*"
            value={api.testPath ?? ""}
            onChange={(e) => {
              const { testPath: _before, ...rest } = api;
              onChange(e.target.value ? { ...rest, testPath: e.target.value } : rest);
            }}
          />
        )}
      </Field>
    </>
  );
}
