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
import { PairTables } from "./pair-table.tsx";
import {
  type Batch,
  type Between,
  type Checked,
  type Choice,
  type Move,
  planOf,
  type Proposed,
  proposedChoice,
  type Versions,
} from "./plan.ts";

type Source = { between: Between; proposed: Proposed | null };

/** Runs go from one version, or several, to another: the maps, what would become of each run, the move, and the way back. */
export function MigrateScreen({
  id,
  versions,
  to,
  sources,
  lately,
  undone,
}: {
  id: string;
  versions: Versions;
  /** Null: nothing is published yet. */
  to: Between["to"] | null;
  /** The versions whose runs are to be moved, each with the map that is proposed; none for the version they would go to. */
  sources: readonly Source[];
  lately: readonly Batch[];
  undone: readonly Batch[];
}) {
  const t = useTranslations("migrate");
  const withRuns = sources.flatMap(({ between, proposed }) =>
    proposed && proposed.runs > 0 ? [{ between, proposed }] : [],
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <header className="grid gap-1">
        <h1 className="text-xl font-semibold">{t("title", { name: versions.name })}</h1>
        <p className="max-w-3xl text-sm text-ink-2">{t("text")}</p>
      </header>
      {to ? (
        <>
          <Ends id={id} versions={versions} to={to} from={sources.map(({ between }) => between.from.version)} />
          {sources
            .filter(({ proposed }) => !proposed || proposed.runs === 0)
            .map(({ between, proposed }) => (
              <p key={between.from.version} className="rounded-lg border border-line bg-surface p-4 text-sm text-ink-2">
                {t(proposed ? "noRuns" : "same", { version: between.from.version })}
              </p>
            ))}
          {withRuns.length > 0 && <Planned sources={withRuns} undoHours={versions.undoHours} />}
        </>
      ) : (
        <Empty icon={GitBranch} title={t("none")} text={t("noneText")}>
          <Link href={`/processes/${id}/edit`} className={buttonLook({})}>
            {t("draw")}
          </Link>
        </Empty>
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

/** From which versions to which: in the address, so that a link opens the same. */
function Ends({
  id,
  versions,
  to,
  from,
}: {
  id: string;
  versions: Versions;
  to: Between["to"];
  from: readonly number[];
}) {
  const t = useTranslations("migrate");
  const router = useRouter();
  const own = versions.targets.find(({ key }) => key === versions.key);
  const into = versions.targets.find(({ key }) => key === to.process);
  const offered = own?.versions.filter(({ version, runs }) => runs > 0 || from.includes(version)) ?? [];
  const go = (ends: { from?: string; into?: string; to?: string }) => {
    const query = new URLSearchParams({
      from: from.join("."),
      into: to.process,
      ...(!ends.into && { to: String(to.version) }),
      ...ends,
    });
    router.replace(`/processes/${id}/migrate?${query}`, { scroll: false });
  };
  const toggle = (version: number) => {
    const next = from.includes(version) ? from.filter((one) => one !== version) : [...from, version];
    if (next.length > 0) go({ from: next.sort((a, b) => a - b).join(".") });
  };
  return (
    <div className="flex flex-wrap items-start gap-3 rounded-lg border border-line bg-surface p-4">
      <div role="group" aria-label={t("from")} className="grid gap-1 text-xs font-medium text-ink-2">
        <span aria-hidden>{t("from")}</span>
        {offered.map(({ version, runs }) => (
          <label key={version} className="flex min-h-6 items-center gap-2 text-sm font-normal text-ink">
            <input
              type="checkbox"
              className="size-4 accent-[var(--accent)]"
              checked={from.includes(version)}
              onChange={() => toggle(version)}
            />
            {t("versionWithRuns", { version, n: runs })}
          </label>
        ))}
      </div>
      <ArrowRight aria-hidden className="mt-7 size-5 text-ink-3 max-sm:hidden" />
      {versions.targets.length > 1 && (
        <label className="grid gap-1 text-xs font-medium text-ink-2">
          {t("process")}
          <select
            className={cn(inputLook, "w-56 max-w-full")}
            value={to.process}
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
          value={to.version}
          onChange={(e) => go({ to: e.target.value })}
        >
          {into?.versions.map(({ version }) => (
            <option key={version} value={version}>
              {version === into.live ? t("liveVersion", { version }) : t("version", { version })}
            </option>
          ))}
        </select>
      </label>
      {from.length === 1 && to.process === versions.key && from[0] !== to.version && (
        <Link
          href={`/processes/${id}/versions?a=${from[0]}&b=${to.version}`}
          className={buttonLook({ kind: "quiet", className: "sm:mt-5" })}
        >
          {t("compare")}
        </Link>
      )}
    </div>
  );
}

type Found = { between: Between; proposed: Proposed };
type State = { choice: Choice; broken: boolean };

/** The maps with their problems, one a version, then what they would do to all of their runs. */
function Planned({ sources, undoHours }: { sources: readonly Found[]; undoHours: number }) {
  const t = useTranslations("migrate");
  const [states, setStates] = useState<Readonly<Record<number, State>>>(() =>
    Object.fromEntries(
      sources.map(({ between, proposed }) => [
        between.from.version,
        { choice: proposedChoice(proposed), broken: false },
      ]),
    ),
  );
  const moves = sources.flatMap(({ between }): Move[] => {
    const state = states[between.from.version];
    return state ? [{ between, plan: planOf(state.choice) }] : [];
  });
  const put = (version: number, change: Partial<State>) =>
    setStates((now) => {
      const own = now[version];
      return own ? { ...now, [version]: { ...own, ...change } } : now;
    });
  return (
    <>
      {sources.map(({ between, proposed }) => {
        const { version } = between.from;
        const state = states[version];
        const map = state && (
          <MapOf
            key={version}
            between={between}
            proposed={proposed}
            choice={state.choice}
            onChange={(choice) => put(version, { choice })}
            onChecked={(broken) => put(version, { broken })}
          />
        );
        return sources.length === 1 ? (
          map
        ) : (
          <section
            key={version}
            aria-label={t("version", { version })}
            className="grid grid-cols-[minmax(0,1fr)] gap-3"
          >
            <h2 className="text-base font-semibold">{t("versionWithRuns", { version, n: proposed.runs })}</h2>
            {map}
          </section>
        );
      })}
      <DryRun
        key={JSON.stringify(moves)}
        moves={moves}
        total={sources.reduce((sum, { proposed }) => sum + proposed.runs, 0)}
        broken={Object.values(states).some(({ broken }) => broken)}
        undoHours={undoHours}
      />
    </>
  );
}

const nothingYet: Checked = { problems: [], edges: [], boundaries: [] };

/** The map of one version. The server says what is wrong with it, and what it found of connections and events. */
function MapOf({
  between,
  proposed,
  choice,
  onChange,
  onChecked,
}: Found & { choice: Choice; onChange: (choice: Choice) => void; onChecked: (broken: boolean) => void }) {
  const client = useTRPCClient();
  const plan = planOf(choice);
  const asked = JSON.stringify(plan);
  const {
    data: checked = nothingYet,
    mutate: check,
    error,
  } = useMutation({
    mutationFn: () => client.migration.check.mutate({ ...between, plan }),
    onSuccess: ({ problems }) => onChecked(problems.length > 0),
  });
  useEffect(() => {
    const soon = setTimeout(() => check(), 200);
    return () => clearTimeout(soon);
  }, [asked, check]);
  return (
    <>
      <StepTable proposed={proposed} choice={choice} checked={checked} onChange={onChange} />
      <PairTables checked={checked} choice={choice} onChange={onChange} />
      {proposed.slas.length > 0 && <SlaTable proposed={proposed} choice={choice} onChange={onChange} />}
      {error && (
        <p role="alert" className="text-sm text-breach">
          {refusalOf(error).text}
        </p>
      )}
    </>
  );
}
