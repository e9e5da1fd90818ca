"use client";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useAct } from "../use-act.ts";
import { meant } from "./move-dialog.tsx";
import type { RecordView } from "./record-screen.tsx";

/** A message for the open runs of a record, as another system would send it. */
export function MessageDialog({ record, open, onClose }: { record: RecordView; open: boolean; onClose: () => void }) {
  const t = useTranslations("record.message");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const list = useId();
  const [event, setEvent] = useState("");
  const [key, setKey] = useState("");
  const [lines, setLines] = useState("");
  const awaited = [...new Set(record.runs.flatMap((run) => run.awaits))].sort();
  const payload = readLines(lines);
  return (
    <Dialog open={open} onClose={onClose} title={t("title")}>
      <form
        className="grid gap-3"
        onSubmit={(e) => {
          e.preventDefault();
          if (!event.trim() || payload === null) return;
          void act(
            () =>
              client.runs.message.mutate({
                recordId: record.id,
                event: event.trim(),
                payload,
                ...(key.trim() && { key: key.trim() }),
              }),
            t("sent"),
          ).then((ok) => ok && onClose());
        }}
      >
        <p className="text-sm text-ink-2">{t("text")}</p>
        <Field label={t("event")} required>
          {(ids) => (
            <>
              <input
                {...ids}
                className={`${inputLook} font-mono text-xs`}
                list={list}
                value={event}
                maxLength={80}
                spellCheck={false}
                onChange={(e) => setEvent(e.target.value)}
              />
              <datalist id={list}>
                {awaited.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label={t("key")} help={t("keyHelp")}>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              value={key}
              maxLength={200}
              onChange={(e) => setKey(e.target.value)}
            />
          )}
        </Field>
        <Field label={t("payload")} help={t("payloadHelp")} error={payload === null ? t("payloadWrong") : null}>
          {(ids) => (
            <textarea
              {...ids}
              className={`${inputLook} h-20 py-2 font-mono text-xs`}
              value={lines}
              spellCheck={false}
              maxLength={4000}
              onChange={(e) => setLines(e.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" kind="primary" disabled={busy || !event.trim() || payload === null}>
            {t("send")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** `name = value` a line; null when a line is something else. */
function readLines(text: string): Record<string, string | number | boolean | null> | null {
  const values: Record<string, string | number | boolean | null> = {};
  for (const line of text.split("\n").filter((one) => one.trim())) {
    const [, name, value] = /^\s*([a-z]\w{0,63})\s*=(.*)$/i.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    values[name] = meant(value);
  }
  return values;
}
