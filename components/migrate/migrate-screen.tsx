"use client";
import { useMutation } from "@tanstack/react-query";
import { ArrowRight, GitBranch } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { buttonLook } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { inputLook } from "../ui/field.tsx";
import { cn } from "../ui/cn.ts";
import { DryRun } from "./dry-run.tsx";
import { Moved } from "./moved.tsx";
import { SlaTable, StepTable } from "./map-table.tsx";
import { type Batch, type Between, type Choice, planOf, type Proposed, proposedChoice, type Versions } from "./plan.ts";

/** Runs go from one version to another: the map, what would become of each run, the move, and the way back. */
export function MigrateScreen({
  id,
  versions,
  between,
  proposed,
  lately,
  undone,
}: {
  id: string;
  versions: Versions;
  between: Between | null;
  proposed: Proposed | null;
  lately: readonly Batch[];
  undone: readonly Batch[];
}) {
  const t = useTranslations("migrate");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <header className="grid gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="text-xl font-semibold">{t("title", { name: versions.name })}</h1>
          <Link href={`/processes/${id}`} className={cn(buttonLook({}), "ml-auto")}>
            {t("back")}
          </Link>
        </div>
        <p className="max-w-3xl text-sm text-ink-2">{t("text")}</p>
      </header>
      {between ? (
        <>
          <Ends id={id} versions={versions} between={between} />
          {proposed && proposed.runs > 0 ? (
            <Planned between={between} proposed={proposed} undoHours={versions.undoHours} />
          ) : (
            <p className="rounded-lg border border-line bg-surface p-4 text-sm text-ink-2">
              {t(proposed ? "noRuns" : "same", { version: between.from.version })}
            </p>
          )}
        </>
      ) : (
        <Empty icon={GitBranch} title={t("none")} text={t("noneText")} />
      )}
      {lately.map((batch) => (
        <Moved
          key={batch.id}
          batch={batch}
          undone={undone.filter(({ params }) => (params as { batch?: string }).batch === batch.id)}
          undoHours={versions.undoHours}
        />
      ))}
    </div>
  );
}

/** From which version to which: in the address, so that a link opens the same. */
function Ends({ id, versions, between }: { id: string; versions: Versions; between: Between }) {
  const t = useTranslations("migrate");
  const router = useRouter();
  const own = versions.targets.find(({ key }) => key === versions.key);
  const into = versions.targets.find(({ key }) => key === between.to.process);
  const go = (ends: { from?: string; into?: string; to?: string }) => {
    const query = new URLSearchParams({
      from: String(between.from.version),
      into: between.to.process,
      ...(!ends.into && { to: String(between.to.version) }),
      ...ends,
    });
    router.replace(`/processes/${id}/migrate?${query}`, { scroll: false });
  };
  return (
    <div className="flex flex-wrap items-end gap-3 rounded-lg border border-line bg-surface p-4">
      <label className="grid gap-1 text-xs font-medium text-ink-2">
        {t("from")}
        <select
          className={cn(inputLook, "w-64 max-w-full")}
          value={between.from.version}
          onChange={(e) => go({ from: e.target.value })}
        >
          {own?.versions.map(({ version, runs }) => (
            <option key={version} value={version}>
              {t("versionWithRuns", { version, n: runs })}
            </option>
          ))}
        </select>
      </label>
      <ArrowRight aria-hidden className="mb-2 size-5 text-ink-3 max-sm:hidden" />
      {versions.targets.length > 1 && (
        <label className="grid gap-1 text-xs font-medium text-ink-2">
          {t("process")}
          <select
            className={cn(inputLook, "w-56 max-w-full")}
            value={between.to.process}
            onChange={(e) => go({ into: e.target.value })}
          >
            {versions.targets.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="grid gap-1 text-xs font-medium text-ink-2">
        {t("to")}
        <select
          className={cn(inputLook, "w-48 max-w-full")}
          value={between.to.version}
          onChange={(e) => go({ to: e.target.value })}
        >
          {into?.versions.map(({ version }) => (
            <option key={version} value={version}>
              {version === into.live ? t("liveVersion", { version }) : t("version", { version })}
            </option>
          ))}
        </select>
      </label>
      <Link
        href={`/processes/${id}/versions?a=${between.from.version}&b=${between.to.version}`}
        className={cn(buttonLook({ kind: "quiet" }), between.from.process !== between.to.process && "hidden")}
      >
        {t("compare")}
      </Link>
    </div>
  );
}

/** The map with its problems, then what it would do. */
function Planned({ between, proposed, undoHours }: { between: Between; proposed: Proposed; undoHours: number }) {
  const client = useTRPCClient();
  const [choice, setChoice] = useState<Choice>(() => proposedChoice(proposed));
  const plan = planOf(choice);
  const asked = JSON.stringify(plan);
  const {
    data: problems,
    mutate: check,
    error,
  } = useMutation({
    mutationFn: () => client.migration.check.mutate({ ...between, plan }),
  });
  useEffect(() => {
    const soon = setTimeout(() => check(), 200);
    return () => clearTimeout(soon);
  }, [asked, check]);
  return (
    <>
      <StepTable proposed={proposed} choice={choice} problems={problems ?? []} onChange={setChoice} />
      {proposed.slas.length > 0 && <SlaTable proposed={proposed} choice={choice} onChange={setChoice} />}
      {error && (
        <p role="alert" className="text-sm text-breach">
          {refusalOf(error).text}
        </p>
      )}
      <DryRun
        key={asked}
        between={between}
        plan={plan}
        total={proposed.runs}
        broken={(problems ?? []).length > 0}
        undoHours={undoHours}
      />
    </>
  );
}
