"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { ProcessMap } from "../process/process-map.tsx";
import { Button } from "../ui/button.tsx";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { ThenDifferences, ThenState } from "./then-state.tsx";

type Seen = Awaited<ReturnType<Caller["runs"]["asOf"]>>;
type Asked = { at: number } | { seq: number } | null;

/** A run as it was: step by step through its events, or at any instant; the map, what stood there, and what is different now. */
export function ThenScreen({ first }: { first: Seen }) {
  const t = useTranslations("then");
  const r = useTranslations("record");
  const format = useFormat();
  const client = useTRPCClient();
  const [asked, setAsked] = useState<Asked>(null);
  const shown = useQuery({
    queryKey: ["runs.asOf", first.run, asked],
    queryFn: () => client.runs.asOf.query({ id: first.run, ...asked }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const view = (asked && shown.data) ?? first;
  const { moments } = view;
  const here = moments.findLastIndex((one) => one.seq <= view.seq);

  /** The address always says what is shown, so that it can be sent to somebody. */
  function go(to: NonNullable<Asked>): void {
    setAsked(to);
    const query = new URLSearchParams({
      run: view.run,
      ...("at" in to ? { at: String(to.at) } : { seq: String(to.seq) }),
    });
    window.history.replaceState(null, "", `?${query.toString()}`);
  }
  const step = (by: number) => {
    const next = moments[Math.min(Math.max(here + by, 0), moments.length - 1)];
    if (next) go({ seq: next.seq });
  };
  const moment = moments[here];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <header className="grid gap-1">
        <p className="text-sm text-ink-2">
          {view.record.title}
          <span className="text-ink-3">{` · ${view.processName} v${view.version}`}</span>
        </p>
        <Kin view={view} />
        <h1 className="text-xl font-semibold">{t("title", { when: format.dateTime(view.at) })}</h1>
      </header>
      <section aria-label={t("moments")} className="grid gap-2 rounded-lg border border-line bg-surface p-3">
        <div className="flex flex-wrap items-center gap-2">
          <Button size="small" aria-label={t("before")} disabled={here <= 0} onClick={() => step(-1)}>
            <ChevronLeft aria-hidden className="size-4" />
          </Button>
          <input
            type="range"
            min={0}
            max={Math.max(0, moments.length - 1)}
            value={Math.max(0, here)}
            aria-label={t("slider")}
            aria-valuetext={moment ? `${format.dateTime(moment.at)}` : t("nothingYet")}
            className="min-w-40 flex-1 accent-[var(--accent)]"
            onChange={(e) => step(Number(e.target.value) - here)}
          />
          <Button size="small" aria-label={t("after")} disabled={here >= moments.length - 1} onClick={() => step(1)}>
            <ChevronRight aria-hidden className="size-4" />
          </Button>
          <label className="flex items-center gap-1.5 text-xs text-ink-3">
            {t("at")}
            <input
              type="datetime-local"
              step={1}
              className={inputLook}
              value={localText(view.at, format.zone)}
              onChange={(e) => {
                const at = instantOf(e.target.value, format.zone);
                if (at !== null) go({ at });
              }}
            />
          </label>
          <Button size="small" onClick={() => go({ at: view.now })}>
            {t("now")}
          </Button>
        </div>
        <p aria-live="polite" className="text-sm">
          {moment ? (
            <>
              <a
                href={`/records/${view.record.id}#event-${moment.seq}`}
                className="text-accent-text tabular-nums underline underline-offset-2"
              >
                {`#${moment.seq}`}
              </a>
              {` ${format.dateTime(moment.at)} · `}
              {r.has(`event.${moment.type}`)
                ? r(`event.${moment.type}`, { ...nothingSaid, what: moment.what })
                : moment.type}
              {moment.by && <span className="text-ink-3">{` · ${moment.by}`}</span>}
            </>
          ) : (
            t("nothingYet")
          )}
        </p>
        {shown.error && (
          <p role="alert" className="text-sm text-breach">
            {refusalOf(shown.error).text}
          </p>
        )}
      </section>
      <ProcessMap
        document={view.document}
        wip={view.standing}
        overlay={{ steps: {}, edges: view.taken }}
        className="h-[45vh]"
      />
      {view.state ? (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <ThenState state={view.state} />
          <ThenDifferences differences={view.differences} />
        </div>
      ) : (
        <p className="text-sm text-ink-2">{t("nothingYet")}</p>
      )}
    </div>
  );
}

/** The run that called this one, and those it waited for then: each as it was at the same instant. */
function Kin({ view }: { view: Seen }) {
  const t = useTranslations("then");
  const waited = new Set(view.state?.places.map(({ child }) => child));
  const link = ({ run, recordId, processName }: Seen["kin"][number]) => (
    <a
      key={run}
      href={`/records/${recordId}/then?run=${run}&at=${view.at}`}
      className="text-accent-text underline underline-offset-2"
    >
      {processName}
    </a>
  );
  const parent = view.kin.filter(({ run }) => run === view.parent);
  const children = view.kin.filter(({ run }) => waited.has(run));
  return (
    <>
      {parent.length > 0 && (
        <p className="text-sm text-ink-2">
          {t("calledBy")} {parent.map(link)}
        </p>
      )}
      {children.length > 0 && (
        <p className="flex flex-wrap gap-x-2 text-sm text-ink-2">
          {t("waitedFor")} {children.map(link)}
        </p>
      )}
    </>
  );
}

/** Events whose sentences take more than one word are told by what they are about. */
const nothingSaid = {
  how: "",
  from: "",
  to: "",
  reason: "",
  item: "",
  kind: "",
  text: "",
  stays: "",
  code: "",
  done: "",
  n: 0,
  index: 0,
};

/** An instant as `datetime-local` writes it, in the reader's zone. */
function localText(at: number, zone: string): string {
  return new Date(at).toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T");
}

/** The instant of a local text: looked for, as a zone has no inverse that a browser knows. */
function instantOf(text: string, zone: string): number | null {
  const wall = Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`);
  if (Number.isNaN(wall)) return null;
  let at = wall;
  for (let round = 0; round < 2; round++) at += wall - Date.parse(`${localText(at, zone)}Z`);
  return at;
}
