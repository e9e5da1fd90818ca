"use client";
import { Download, SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { saveFile } from "../save-file.ts";
import { Button, buttonLook } from "../ui/button.tsx";
import { laterDialog } from "../ui/dialog.tsx";
import { Empty } from "../ui/empty.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status, type StatusKind } from "../ui/status.tsx";
import { toast } from "../ui/toast.tsx";
import { cell, Head } from "./head.tsx";
import { addressOf, filterOf, type RunsAsked, sortOf } from "./run-address.ts";
import { type Choices, RunFilters } from "./run-filters.tsx";

const BatchDialog = laterDialog(() => import("./batch-dialog.tsx").then((m) => m.BatchDialog));

type Found = Awaited<ReturnType<Caller["operate"]["runs"]>>;
type FoundRun = Found["runs"][number];

/** Runs by anything that is known of them; what is to be done to many is ordered here. */
export function RunsScreen({
  asked,
  found,
  count,
  choices,
}: {
  asked: RunsAsked;
  found: Found;
  count: { n: number; more: boolean };
  choices: Choices;
}) {
  const t = useTranslations("operate.runs");
  const format = useFormat();
  const client = useTRPCClient();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [about, setAbout] = useState<"chosen" | "all" | null>(null);
  const [busy, setBusy] = useState(false);
  const filter = filterOf(asked);
  const here = found.runs.map(({ id }) => id);
  const picked = chosen.filter((id) => here.includes(id));
  const all = here.length > 0 && picked.length === here.length;
  async function exportCsv() {
    setBusy(true);
    try {
      const { csv, complete } = await client.operate.export.query({ filter, sort: sortOf(asked) });
      saveFile("runs.csv", csv, "text/csv;charset=utf-8");
      toast(t(complete ? "exported" : "exportedPart"));
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
    setBusy(false);
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 md:p-6">
      <Head title={t("title")} text={t("text")}>
        <Button disabled={busy || count.n === 0} onClick={() => void exportCsv()}>
          <Download aria-hidden className="size-4" />
          {t("export")}
        </Button>
        <Button kind="primary" disabled={count.n === 0} onClick={() => setAbout(picked.length ? "chosen" : "all")}>
          {picked.length ? t("actChosen", { n: picked.length }) : t("actAll", { n: count.n })}
        </Button>
      </Head>
      <RunFilters asked={asked} choices={choices} />
      <p role="status" className="text-sm text-ink-2">
        {count.more ? t("countMore", { n: format.number(count.n) }) : t("count", { n: count.n })}
      </p>
      {found.runs.length === 0 ? (
        <Empty icon={SearchX} title={t("none")} text={t("noneText")} />
      ) : (
        <section
          aria-label={t("title")}
          // The table is wider than a phone: it scrolls in its own box, by key too.
          tabIndex={0}
          className="overflow-x-auto rounded-lg border border-line bg-surface"
        >
          <table className="w-full min-w-4xl border-collapse text-sm">
            <thead className="border-b border-line text-xs text-ink-2">
              <tr>
                <th className={cell}>
                  <input
                    type="checkbox"
                    aria-label={t("chooseAll")}
                    checked={all}
                    onChange={() => setChosen(all ? [] : here)}
                    className="size-4"
                  />
                </th>
                {["record", "process", "state", "step", "since", "started", "owner"].map((name) => (
                  <th key={name} scope="col" className={cell}>
                    {t(`columns.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {found.runs.map((run) => (
                <Row
                  key={run.id}
                  run={run}
                  chosen={picked.includes(run.id)}
                  onChoose={() =>
                    setChosen(picked.includes(run.id) ? picked.filter((id) => id !== run.id) : [...picked, run.id])
                  }
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {found.next && (
        <Link
          href={addressOf({ ...asked, after: `${found.next.at}.${found.next.id}` })}
          className={buttonLook({ className: "w-fit" })}
        >
          {t("next")}
        </Link>
      )}
      <BatchDialog
        open={about !== null}
        onClose={() => setAbout(null)}
        filter={about === "chosen" ? { runs: picked } : filter}
        process={asked.process}
        step={asked.step}
        choices={choices}
      />
    </div>
  );
}

function Row({ run, chosen, onChoose }: { run: FoundRun; chosen: boolean; onChoose: () => void }) {
  const t = useTranslations("operate.runs");
  const incidents = useTranslations("incidents.codes");
  const format = useFormat();
  const title = run.title ?? run.recordId;
  return (
    <tr className={chosen ? "bg-accent-soft" : "hover:bg-sunken"}>
      <td className={cell}>
        <input
          type="checkbox"
          aria-label={t("choose", { record: title })}
          checked={chosen}
          onChange={onChoose}
          className="size-4"
        />
      </td>
      <td className={cell}>
        <Link href={`/records/${run.recordId}`} className="font-medium text-accent-text hover:underline">
          {title}
        </Link>
      </td>
      <td className={cell}>
        {run.processName} <span className="text-ink-3">v{run.version}</span>
      </td>
      <td className={cell}>
        <span className="flex flex-wrap gap-1">
          <Status kind={stateOf(run)}>{t(`states.${run.status}`)}</Status>
          {run.errors.slice(0, 1).map(({ incident, code, text }) => (
            <span key={incident} title={text}>
              <Status kind="breached">{incidents.has(code) ? incidents(code) : code}</Status>
            </span>
          ))}
        </span>
      </td>
      <td className={cell}>
        {run.steps.length === 0 && run.errors[0]?.step}
        {run.steps.map(({ node, name, enteredAt, late, paused }) => (
          <span key={`${node}${enteredAt}`} className="mr-1 inline-flex items-center gap-1">
            {name}
            {late ? (
              <Status kind="breached">{t("late")}</Status>
            ) : paused ? (
              <Status kind="paused">{t("paused")}</Status>
            ) : null}
          </span>
        ))}
      </td>
      <td className={`${cell} whitespace-nowrap text-ink-2`}>
        {run.inStepSince === null ? "" : format.duration(format.now - run.inStepSince)}
      </td>
      <td className={`${cell} whitespace-nowrap text-ink-2`}>{format.moment(run.startedAt)}</td>
      <td className={`${cell} text-ink-2`}>{run.owner}</td>
    </tr>
  );
}

function stateOf({ status, outcome }: FoundRun): StatusKind {
  if (status === "suspended") return "paused";
  if (status === "cancelled") return "none";
  return status === "completed" ? (outcome === "negative" ? "none" : "done") : "info";
}
