"use client";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import type { Previewed } from "./plan.ts";

/** Rows shown at first, and with each press more. */
const shownAtOnce = 50;

/** The runs with their verdict, reason and clocks; by verdict or by one reason; each that fits may be left out. */
export function RunTable({
  runs,
  several,
  chosen,
  onChoose,
}: {
  runs: readonly Previewed[];
  /** Of more than one version. */
  several: boolean;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}) {
  const t = useTranslations("migrate");
  const [only, setOnly] = useState<string>("all");
  const [most, setMost] = useState(shownAtOnce);
  const reasons = countsOf(runs);
  const fits = (run: Previewed) =>
    only === "all" || (only === "ok" || only === "refused" ? run.verdict === only : said(run) === only);
  const rows = runs.filter(fits);
  const choosable = rows.filter(({ verdict }) => verdict === "ok");
  const allChosen = choosable.length > 0 && choosable.every(({ id }) => chosen.has(id));
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids)
      if (on) next.add(id);
      else next.delete(id);
    onChoose(next);
  };
  return (
    <div className="grid gap-2">
      <div role="group" aria-label={t("filter")} className="flex flex-wrap gap-1">
        {["all", "ok", "refused"].map((verdict) => (
          <Filter key={verdict} on={only === verdict} onClick={() => setOnly(verdict)}>
            {t(`verdicts.${verdict}`, {
              n: verdict === "all" ? runs.length : runs.filter((run) => run.verdict === verdict).length,
            })}
          </Filter>
        ))}
      </div>
      {reasons.length > 0 && (
        <ul aria-label={t("reasons")} className="grid gap-1">
          {reasons.map(([text, n]) => (
            <li key={text}>
              <Filter on={only === text} onClick={() => setOnly(only === text ? "all" : text)}>
                <span className="tabular-nums">{`${n} × `}</span>
                <span className="text-left whitespace-normal">{text}</span>
              </Filter>
            </li>
          ))}
        </ul>
      )}
      <div className="overflow-x-auto" role="region" aria-label={t("dryRun")} tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line text-left text-xs text-ink-3 max-md:flex max-md:items-center max-md:[&>th:nth-child(n+3)]:sr-only [&>th]:px-2 [&>th]:py-1 [&>th]:font-medium">
              <th scope="col">
                <input
                  type="checkbox"
                  className="size-4 accent-[var(--accent)]"
                  aria-label={t("chooseAll")}
                  checked={allChosen}
                  disabled={choosable.length === 0}
                  onChange={() =>
                    choose(
                      choosable.map(({ id }) => id),
                      !allChosen,
                    )
                  }
                />
              </th>
              <th scope="col">{t("record")}</th>
              <th scope="col">{t("stands")}</th>
              <th scope="col">{t("verdict")}</th>
              <th scope="col">{t("clocksAndTimers")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((run) => (
              <Row
                key={run.id}
                run={run}
                several={several}
                chosen={chosen.has(run.id)}
                onChoose={() => choose([run.id], !chosen.has(run.id))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <Button kind="quiet" className="justify-self-start" onClick={() => setMost(most + 200)}>
          {t("more", { n: rows.length - most })}
        </Button>
      )}
    </div>
  );
}

function Row({
  run,
  several,
  chosen,
  onChoose,
}: {
  run: Previewed;
  several: boolean;
  chosen: boolean;
  onChoose: () => void;
}) {
  const t = useTranslations("migrate");
  const title = run.title ?? run.recordId;
  return (
    <tr className="border-b border-line align-top last:border-0 max-md:grid max-md:grid-cols-[auto_minmax(0,1fr)] max-md:py-1 [&>td]:px-2 [&>td]:py-2 max-md:[&>td]:py-0.5 max-md:[&>td:nth-child(n+3)]:col-start-2">
      <td>
        <input
          type="checkbox"
          className="size-4 accent-[var(--accent)]"
          aria-label={t("choose", { name: title })}
          checked={chosen}
          disabled={run.verdict !== "ok"}
          onChange={onChoose}
        />
      </td>
      <td>
        <Link href={`/records/${run.recordId}`} className="font-medium text-accent-text hover:underline">
          {title}
        </Link>
      </td>
      <td className="text-ink-2">
        {several && <span className="block text-xs">{t("version", { version: run.version })}</span>}
        {run.stands.join(", ")}
      </td>
      <td className="min-w-48">
        <Status kind={run.verdict === "ok" ? "on_track" : "breached"}>{t(`verdictOf.${run.verdict}`)}</Status>
        {run.goesOn && (
          <Status kind="at_risk" className="ml-1">
            {t("goesOn")}
          </Status>
        )}
        {run.reasons.map(({ text }) => (
          <p key={text} className="mt-1 text-xs text-breach">
            {text}
          </p>
        ))}
      </td>
      <td className="min-w-56 text-xs text-ink-2">
        <Fates run={run} />
      </td>
    </tr>
  );
}

/** What becomes of its clocks and timers. */
export function Fates({ run: { clocks, timers } }: { run: Pick<Previewed, "clocks" | "timers"> }) {
  const t = useTranslations("migrate");
  const format = useFormat();
  const at = (instant: number | null) => (instant === null ? t("noDue") : format.dateTime(instant));
  return (
    <ul className="grid gap-0.5">
      {clocks.map(({ name, fate, dueBefore, dueAfter }, i) => (
        <li key={`${name}${i}`}>
          <span className="font-medium text-ink">{name}</span>{" "}
          {t(`clockFate.${fate}`, { before: at(dueBefore), after: at(dueAfter) })}
        </li>
      ))}
      {timers.map(({ name, fate, due }, i) => (
        <li key={`${name}${i}`}>
          {t(`timerFate.${fate}`, { name: name.replaceAll("_", " "), due: format.dateTime(due) })}
        </li>
      ))}
    </ul>
  );
}

const Filter = ({ on, onClick, children }: { on: boolean; onClick: () => void; children: React.ReactNode }) => (
  <button
    type="button"
    aria-pressed={on}
    onClick={onClick}
    className={cn(
      "inline-flex min-h-7 items-center gap-1 rounded-md border border-line px-2 py-0.5 text-left text-xs font-medium text-ink-2 hover:bg-sunken",
      on && "border-line-strong bg-sunken text-ink",
    )}
  >
    {children}
  </button>
);

const said = ({ reasons }: Previewed) => reasons.map(({ text }) => text).join(" ");

/** Refusals by their words, the most frequent first. */
function countsOf(runs: readonly Previewed[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const run of runs) if (run.verdict === "refused") counts.set(said(run), (counts.get(said(run)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
