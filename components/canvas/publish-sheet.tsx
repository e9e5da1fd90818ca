"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPC, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";

/** What changed, what is still wrong, and a note: then it is live for new runs. Running ones keep their version. */
export function PublishSheet({
  open,
  onClose,
  id,
  errors,
  revision,
  onDone,
}: {
  open: boolean;
  onClose: () => void;
  id: string;
  errors: number;
  revision: number;
  onDone: () => void;
}) {
  const t = useTranslations("editor");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const opened = useQuery({ ...trpc.processes.edit.queryOptions({ id }), enabled: open, staleTime: 0 });
  async function publish(event: React.FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      const { version } = await client.processes.publish.mutate({ id, note, revision });
      toast(t("published", { version }));
      onDone();
    } catch (error) {
      toast.error(refusalOf(error).text);
      setBusy(false);
    }
  }
  return (
    <Dialog open={open} onClose={onClose} title={t("publishTitle")}>
      <form className="grid gap-3" onSubmit={(e) => void publish(e)}>
        <h3 className="text-xs font-semibold text-ink-3">{t("changes")}</h3>
        {opened.data && opened.data.changes.length === 0 && (
          <p className="text-sm text-ink-2">{opened.data.liveVersion ? t("noChanges") : t("firstVersion")}</p>
        )}
        <ul className="grid max-h-48 gap-1 overflow-auto text-sm">
          {opened.data?.changes.map((c) => (
            <li key={`${c.part}${c.id}${c.kind}`}>
              <span className="font-semibold">{t(`change.${c.kind}`)}</span>
              {` ${t(`part.${c.part}`)} ${c.name}`}
              {c.fields.length > 0 && <span className="text-ink-3">{` (${c.fields.join(", ")})`}</span>}
            </li>
          ))}
        </ul>
        <p className="text-sm text-ink-2">{t("running")}</p>
        {errors > 0 && (
          <p className="rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">{t("errorsLeft", { n: errors })}</p>
        )}
        <Field label={t("note")} help={t("noteHelp")} required>
          {(ids) => (
            <input
              {...ids}
              className={inputLook}
              value={note}
              onChange={(e) => setNote(e.target.value)}
              required
              maxLength={2000}
            />
          )}
        </Field>
        <Button kind="primary" type="submit" disabled={busy || errors > 0 || !note.trim() || revision === 0}>
          {t("publish")}
        </Button>
      </form>
    </Dialog>
  );
}
