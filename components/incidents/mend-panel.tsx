"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { FormField } from "../inbox/form-field.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";

type Retried = Awaited<ReturnType<Caller["incidents"]["retry"]>>;
type How = "action" | "step" | "run" | "skip";

/** Puts right what the failing action reads, and says how the run goes on: same action, step or run anew, or without the action. */
export function MendPanel({
  runId,
  incident,
  newer,
  busy,
  onRetry,
}: {
  runId: string;
  incident: string;
  /** The version that is live, where the run is on an older one. */
  newer: number | null;
  busy: boolean;
  onRetry: (work: () => Promise<Retried>) => void;
}) {
  const t = useTranslations("incidents.mend");
  const verbs = useTranslations("editor.verb");
  const client = useTRPCClient();
  const [how, setHow] = useState<How>("action");
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [reason, setReason] = useState("");
  const [live, setLive] = useState(false);
  const { data } = useQuery({
    queryKey: ["incidents.look", runId, incident],
    queryFn: () => client.incidents.look.query({ id: runId, incident }),
  });
  const ways: How[] = ["action", "step", "run", ...(data?.action ? ["skip" as const] : [])];
  const mends = how === "action" || how === "skip";
  function submit(event: React.FormEvent) {
    event.preventDefault();
    const told = reason.trim() && { reason: reason.trim() };
    const changed = values as Parameters<typeof client.incidents.mend.mutate>[0]["values"];
    onRetry(() =>
      how === "skip" || (how === "action" && Object.keys(values).length > 0)
        ? client.incidents.mend.mutate({
            id: runId,
            incident,
            skip: how === "skip",
            live,
            ...(changed && { values: changed }),
            ...told,
          })
        : client.incidents.retry.mutate({ id: runId, incident, how, live, ...told }),
    );
  }
  return (
    <form onSubmit={submit} className="grid gap-3 border-t border-line pt-3" aria-label={t("title")}>
      {data?.action && (
        <p className="text-ink-2">
          {t("failed", { verb: verbs(data.action.verb), n: data.action.at + 1, of: data.action.of })}
        </p>
      )}
      <Field label={t("how")}>
        {(ids) => (
          <select {...ids} className={inputLook} value={how} onChange={(e) => setHow(e.target.value as How)}>
            {ways.map((one) => (
              <option key={one} value={one}>
                {t(`ways.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <p className="text-xs text-ink-3">{t(`help.${how}`)}</p>
      {mends && data && data.fields.length > 0 && (
        <fieldset className="grid gap-3 sm:grid-cols-2" aria-label={t("values")}>
          {data.fields.map((field) => (
            <FormField
              key={field.path}
              field={field}
              value={Object.hasOwn(values, field.path) ? values[field.path] : field.value}
              error={null}
              onChange={(value) => setValues({ ...values, [field.path]: value })}
            />
          ))}
        </fieldset>
      )}
      {newer !== null && (
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={live} onChange={(e) => setLive(e.target.checked)} />
          {t("live", { version: newer })}
        </label>
      )}
      {how !== "action" && (
        <Field label={t("reason")} required={how === "skip"}>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              required={how === "skip"}
              maxLength={500}
              value={reason}
              onChange={(e) => setReason(e.target.value)}
            />
          )}
        </Field>
      )}
      <Button kind="primary" type="submit" className="w-fit" disabled={busy}>
        {t(`go.${how}`)}
      </Button>
    </form>
  );
}
