"use client";
import { Info } from "lucide-react";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { diffProcess } from "@/server/engine/diff.ts";
import type { Process } from "@/server/engine/process.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useFormat } from "../ui/locale.tsx";
import { ChangesList } from "./changes-list.tsx";
import type { EditorState } from "./use-editor.ts";

type Opened = Awaited<ReturnType<Caller["processes"]["edit"]>>;

/** Somebody else is at the same process: said, and theirs can be compared or copied into mine. A newer live version is said too. */
export function DraftNotice({ opened, editor }: { opened: Opened; editor: EditorState }) {
  const t = useTranslations("editor");
  const format = useFormat();
  const client = useTRPCClient();
  const [theirs, setTheirs] = useState<{ name: string; document: Process } | null>(null);
  const { baseVersion } = editor.draft;
  const { live, liveVersion } = opened;
  const behind =
    live && liveVersion !== null && baseVersion !== null && liveVersion > baseVersion
      ? { live, liveVersion, baseVersion }
      : null;
  if (opened.others.length === 0 && !behind) return <div />;
  async function look(memberId: string, name: string) {
    try {
      const { document } = await client.processes.draftOf.query({ id: opened.id, memberId });
      setTheirs({ name, document });
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
  }
  const changes = theirs ? diffProcess(editor.doc, theirs.document) : [];
  return (
    <div className="grid border-b border-line bg-info-bg text-sm text-info">
      {behind && (
        <p className="flex flex-wrap items-center gap-2 px-4 py-1">
          <Info aria-hidden className="size-4 shrink-0" />
          {t("behind", { base: behind.baseVersion, live: behind.liveVersion })}
          <Button size="small" onClick={() => editor.draft.rebase(behind.liveVersion)}>
            {t("keepOnNewer", { live: behind.liveVersion })}
          </Button>
          <Button
            size="small"
            onClick={() => {
              editor.run(t("did.takeLive", { version: behind.liveVersion }), () => behind.live);
              editor.choose([]);
              editor.draft.rebase(behind.liveVersion);
            }}
          >
            {t("takeLive", { live: behind.liveVersion })}
          </Button>
        </p>
      )}
      {opened.others.map((other) => (
        <p key={other.memberId} className="flex flex-wrap items-center gap-2 px-4 py-1">
          <Info aria-hidden className="size-4 shrink-0" />
          {t("otherDraft", { name: other.name, n: other.changes, when: format.ago(other.savedAt) })}
          <Button size="small" onClick={() => void look(other.memberId, other.name)}>
            {t("compareDraft")}
          </Button>
        </p>
      ))}
      <Dialog open={theirs !== null} onClose={() => setTheirs(null)} title={t("draftOf", { name: theirs?.name ?? "" })}>
        <div className="grid gap-3">
          <p className="text-sm text-ink-2">{t("draftOfText")}</p>
          {changes.length > 0 ? (
            <ChangesList changes={changes} doc={theirs?.document ?? editor.doc} />
          ) : (
            <p className="text-sm text-ink-2">{t("conflict.same")}</p>
          )}
          <Button
            kind="primary"
            className="justify-self-end"
            disabled={changes.length === 0}
            onClick={() => {
              if (!theirs) return;
              editor.run(t("did.copyDraft", { name: theirs.name }), () => theirs.document);
              editor.choose([]);
              setTheirs(null);
            }}
          >
            {t("copyDraft")}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
