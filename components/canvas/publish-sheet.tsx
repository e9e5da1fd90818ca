"use client";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { ChangesList } from "./changes-list.tsx";
import { stepName } from "./map-model.ts";
import type { EditorState } from "./use-editor.ts";

/** What changed, what is still wrong, and a note: then it is live for new runs. Running ones keep their version. */
export function PublishSheet({
  editor,
  open,
  id,
  liveVersion,
  running,
  onClose,
  onDone,
}: {
  editor: EditorState;
  open: boolean;
  id: string;
  liveVersion: number | null;
  /** Records in its steps now. */
  running: number;
  onClose: () => void;
  onDone: (version: number) => void;
}) {
  const t = useTranslations("editor");
  const client = useTRPCClient();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const { changes, problems } = editor;
  const errors = problems.filter((p) => p.severity === "error");
  const warnings = problems.length - errors.length;
  async function publish(event: React.FormEvent) {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      if (!(await editor.draft.saveNow())) throw new Error(editor.draft.problem || t("save.failed"));
      const { version } = await client.processes.publish.mutate({
        id,
        note,
        revision: Math.max(1, editor.draft.revision),
      });
      onDone(version);
    } catch (error) {
      setRefused(refusalOf(error).text);
      toast.error(refusalOf(error).text);
      setBusy(false);
    }
  }
  const nothing = liveVersion !== null && changes.length === 0;
  return (
    <Dialog open={open} onClose={onClose} title={t("publishTitle", { version: (liveVersion ?? 0) + 1 })} wide>
      <form className="grid gap-4 md:grid-cols-[minmax(0,1fr)_18rem]" onSubmit={(e) => void publish(e)}>
        <section aria-label={t("changes")} className="grid content-start gap-2">
          <h3 className="text-xs font-semibold text-ink-2">{t("changesCount", { n: changes.length })}</h3>
          {liveVersion === null ? (
            <p className="text-sm text-ink-2">{t("firstVersion")}</p>
          ) : nothing ? (
            <p className="text-sm text-ink-2">{t("noChanges")}</p>
          ) : (
            <ChangesList
              changes={changes}
              doc={editor.doc}
              onGo={(to) => {
                onClose();
                editor.select(to);
              }}
            />
          )}
        </section>
        <div className="grid content-start gap-3">
          <p className="text-sm text-ink-2">{t("running", { n: running })}</p>
          {errors.length > 0 && (
            <div className="grid gap-1 rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
              <p className="font-semibold">{t("errorsLeft", { n: errors.length })}</p>
              <ul className="grid gap-0.5">
                {errors.slice(0, 5).map((p, i) => (
                  <li key={i}>{`${p.node ? `${stepName(editor.doc, p.node, t)}: ` : ""}${p.text}`}</li>
                ))}
              </ul>
            </div>
          )}
          {warnings > 0 && (
            <p className="rounded-md bg-risk-bg px-3 py-2 text-sm text-risk">{t("warningsLeft", { n: warnings })}</p>
          )}
          <Field label={t("note")} help={t("noteHelp")} error={refused} required>
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
          <Button kind="primary" type="submit" disabled={busy || errors.length > 0 || !note.trim() || nothing}>
            {t("publishVersion", { version: (liveVersion ?? 0) + 1 })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
