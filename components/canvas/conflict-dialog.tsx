"use client";
import { useTranslations } from "use-intl";
import { diffProcess } from "@/server/engine/diff.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ChangesList } from "./changes-list.tsx";
import type { EditorState } from "./use-editor.ts";

/** Two windows, one draft: which one counts. Taking the other is an entry of the history, so it can be undone. */
export function ConflictDialog({ editor, open, onClose }: { editor: EditorState; open: boolean; onClose: () => void }) {
  const t = useTranslations("editor");
  const { theirs } = editor.draft;
  const changes = theirs ? diffProcess(theirs.document, editor.doc) : [];
  return (
    <Dialog open={open} onClose={onClose} title={t("conflict.title")}>
      <div className="grid gap-3">
        <p className="text-sm text-ink-2">{t("conflict.text")}</p>
        <p className="text-xs font-semibold text-ink-2">{t("conflict.differs", { n: changes.length })}</p>
        {changes.length > 0 ? (
          <ChangesList changes={changes} doc={editor.doc} />
        ) : (
          <p className="text-sm text-ink-2">{t("conflict.same")}</p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button
            onClick={() => {
              if (!theirs) return;
              editor.run(t("did.theirs"), () => theirs.document);
              editor.draft.tookTheirs(theirs.document);
              editor.choose([]);
            }}
          >
            {t("conflict.theirs")}
          </Button>
          <Button kind="primary" onClick={editor.draft.keepMine}>
            {t("conflict.mine")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
