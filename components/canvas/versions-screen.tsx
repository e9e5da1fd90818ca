"use client";
import { History, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { diffProcess } from "@/server/engine/diff.ts";
import type { Process } from "@/server/engine/process.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button, buttonLook } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Empty } from "../ui/empty.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { ChangesList } from "./changes-list.tsx";

type Read = Awaited<ReturnType<Caller["processes"]["read"]>>;
type Side = { version: number; document: Process };

/** Every version of a process, what differs between two of them, and a way back: an old one as my draft. */
export function VersionsScreen({
  process,
  before,
  after,
  mayEdit,
}: {
  process: Read;
  before: Side | null;
  after: Side | null;
  mayEdit: boolean;
}) {
  const t = useTranslations("editor");
  const format = useFormat();
  const router = useRouter();
  const client = useTRPCClient();
  const [asking, setAsking] = useState<{ version: number; changes: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const changes = before && after ? diffProcess(before.document, after.document) : [];
  const compare = (a: number | undefined, b: number | undefined) => {
    if (a && b) router.replace(`/processes/${process.id}/versions?a=${a}&b=${b}`, { scroll: false });
  };

  /** Asks first when a draft with changes would be replaced. */
  async function restore(version: number, sure = false) {
    setBusy(true);
    try {
      const mine = await client.processes.edit.query({ id: process.id });
      if (!sure && mine.revision > 0 && mine.changes.length > 0)
        return setAsking({ version, changes: mine.changes.length });
      const { document } = await client.processes.read.query({ id: process.id, version });
      if (!document) return;
      await client.processes.save.mutate({
        id: process.id,
        revision: mine.revision,
        baseVersion: mine.liveVersion,
        document,
      });
      toast(t("restored", { version }));
      router.push(`/processes/${process.id}/edit`);
    } catch (error) {
      toast.error(refusalOf(error).text);
    } finally {
      setBusy(false);
    }
  }
  const choice = (label: string, value: number | undefined, onChange: (v: number) => void) => (
    <label className="flex items-center gap-2 text-sm text-ink-2">
      {label}
      <select
        className="h-8 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink"
        value={value ?? ""}
        onChange={(e) => onChange(Number(e.target.value))}
      >
        {process.versions.map((v) => (
          <option key={v.version} value={v.version}>
            {t("versionNumber", { version: v.version })}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div className="grid gap-4 p-4 md:p-6">
      <header className="flex flex-wrap items-center gap-2">
        <h1 className="text-xl font-semibold">{t("versionsOf", { name: process.name })}</h1>
        <span className="ml-auto flex gap-2">
          <Link href={`/processes/${process.id}`} className={buttonLook({})}>
            {t("seeLive")}
          </Link>
          {mayEdit && (
            <Link href={`/processes/${process.id}/edit`} className={buttonLook({ kind: "primary" })}>
              {t("editDraft")}
            </Link>
          )}
        </span>
      </header>
      {process.versions.length === 0 ? (
        <Empty icon={History} title={t("noVersions")} text={t("noVersionsText")} />
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <ol className="grid rounded-lg border border-line bg-surface" aria-label={t("versions")}>
            {process.versions.map((v, i) => {
              const older = process.versions[i + 1]?.version;
              return (
                <li key={v.version} className="grid gap-1 border-t border-line p-4 first:border-0">
                  <div className="flex flex-wrap items-center gap-2">
                    <Link
                      href={`/processes/${process.id}?v=${v.version}`}
                      className="text-sm font-semibold text-accent-text hover:underline"
                    >
                      {t("versionNumber", { version: v.version })}
                    </Link>
                    {v.version === process.liveVersion && <Status kind="on_track">{t("liveNow")}</Status>}
                    <span className="ml-auto text-xs text-ink-3">
                      {[v.author, format.dateTime(v.publishedAt)].filter(Boolean).join(" · ")}
                    </span>
                  </div>
                  <p className="text-sm">{v.note}</p>
                  <div className="flex flex-wrap gap-2">
                    {older !== undefined && (
                      <Button
                        size="small"
                        aria-pressed={before?.version === older && after?.version === v.version}
                        onClick={() => compare(older, v.version)}
                      >
                        {t("compareWith", { version: older })}
                      </Button>
                    )}
                    {mayEdit && (
                      <Button size="small" kind="quiet" disabled={busy} onClick={() => void restore(v.version)}>
                        <RotateCcw aria-hidden className="size-3.5" />
                        {t("restore")}
                      </Button>
                    )}
                  </div>
                </li>
              );
            })}
          </ol>
          {before && after && (
            <section aria-label={t("differences")} className="grid gap-3 rounded-lg border border-line bg-surface p-4">
              <div className="flex flex-wrap items-center gap-3">
                {choice(t("diffFrom"), before.version, (v) => compare(v, after.version))}
                {choice(t("diffTo"), after.version, (v) => compare(before.version, v))}
                <span className="ml-auto text-xs text-ink-3">{t("changesCount", { n: changes.length })}</span>
              </div>
              {changes.length > 0 ? (
                <ChangesList changes={changes} doc={after.document} />
              ) : (
                <p className="text-sm text-ink-2">{t("conflict.same")}</p>
              )}
            </section>
          )}
        </div>
      )}
      <Dialog open={asking !== null} onClose={() => setAsking(null)} title={t("restoreTitle")}>
        <div className="grid gap-3">
          <p className="text-sm text-ink-2">
            {t("restoreText", { n: asking?.changes ?? 0, version: asking?.version ?? 0 })}
          </p>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsking(null)}>{t("keepDraft")}</Button>
            <Button
              kind="danger"
              onClick={() => {
                const version = asking?.version;
                setAsking(null);
                if (version) void restore(version, true);
              }}
            >
              {t("replaceDraft")}
            </Button>
          </div>
        </div>
      </Dialog>
    </div>
  );
}
