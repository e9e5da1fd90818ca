"use client";
import { Workflow } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { Empty } from "../ui/empty.tsx";
import { Status } from "../ui/status.tsx";
import { NewProcess } from "./new-process.tsx";

type Templates = Awaited<ReturnType<Caller["processes"]["templates"]>>;
type Processes = Awaited<ReturnType<Caller["processes"]["list"]>>;

export function ProcessList({
  processes,
  templates,
  mayEdit,
}: {
  processes: Processes;
  templates: Templates;
  mayEdit: boolean;
}) {
  const t = useTranslations("processes");
  return (
    <div className="grid gap-3 p-4 md:p-6">
      <div className="flex items-center">
        <h1 className="text-xl font-semibold">{t("title")}</h1>
        {mayEdit && <NewProcess templates={templates} />}
      </div>
      {processes.length === 0 ? (
        <Empty icon={Workflow} title={t("none")} text={t("noneText")} />
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {processes.map((p) => (
            <li key={p.id} className="grid content-start gap-1 rounded-lg border border-line bg-surface p-4">
              <Link href={`/processes/${p.id}`} className="text-sm font-semibold hover:underline">
                {p.name}
              </Link>
              <p className="text-xs text-ink-3">{[p.recordLabel, p.owner].filter(Boolean).join(" · ")}</p>
              <p className="mt-1 flex flex-wrap gap-1.5">
                {p.liveVersion ? (
                  <Status kind="on_track">{t("live", { version: p.liveVersion })}</Status>
                ) : (
                  <Status kind="none">{t("draft")}</Status>
                )}
                <Status kind="info">{t("running", { n: p.running })}</Status>
                {p.incidents > 0 &&
                  (mayEdit ? (
                    <Link href={`/operate/incidents?process=${p.key}`}>
                      <Status kind="breached">{t("incidents", { n: p.incidents })}</Status>
                    </Link>
                  ) : (
                    <Status kind="breached">{t("incidents", { n: p.incidents })}</Status>
                  ))}
              </p>
              {p.drafts.map((d) => (
                <p key={d.memberId} className="text-xs text-ink-2">
                  {d.mine && (
                    <Link href={`/processes/${p.id}/edit`} className="font-semibold text-accent-text hover:underline">
                      {`${t("edit")} · `}
                    </Link>
                  )}
                  {d.mine ? t("myDraft") : t("draftOf", { name: d.name ?? d.memberId })}
                </p>
              ))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
