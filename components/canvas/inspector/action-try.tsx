"use client";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import type { Action, Process } from "@/server/engine/process.ts";
import { refusalOf, useTRPCClient } from "../../api.tsx";
import { SamplePicker, useSample } from "../sample.tsx";

type Tried = Awaited<ReturnType<Caller["processes"]["dryRunAction"]>>;
type Leaving = Tried["leaves"][number];

/** What an action would do for the sample record: asked of the engine, shown, never done. */
export function ActionTry({ doc, node, action }: { doc: Process; node: string | null; action: Action }) {
  const t = useTranslations("editor.try");
  const client = useTRPCClient();
  const sample = useSample();
  const [opened, setOpened] = useState(false);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<{ tried: Tried } | { text: string } | null>(null);
  if (!sample) return null;
  const record = sample.chosen;
  async function run() {
    if (!record) return;
    setBusy(true);
    try {
      setResult({ tried: await client.processes.dryRunAction.mutate({ document: doc, node, action, record }) });
    } catch (error) {
      setResult({ text: refusalOf(error).text });
    }
    setBusy(false);
  }
  if (!opened)
    return (
      <button
        type="button"
        className="flex h-7 items-center gap-1.5 justify-self-start rounded-md px-1 text-xs font-semibold text-accent-text hover:underline"
        onClick={() => setOpened(true)}
      >
        <FlaskConical aria-hidden className="size-3.5" />
        {t("open")}
      </button>
    );
  return (
    <section aria-label={t("title")} className="grid gap-2 rounded-md bg-sunken p-2.5 text-xs">
      <h3 className="flex flex-wrap items-center gap-1.5 font-semibold">
        <FlaskConical aria-hidden className="size-3.5" />
        {t("title")}
        <span className="ml-auto">
          <SamplePicker />
        </span>
      </h3>
      <button
        type="button"
        disabled={busy || !record}
        className="h-7 justify-self-start rounded-md border border-line-strong bg-surface px-2 font-semibold hover:bg-sunken disabled:text-ink-3"
        onClick={() => void run()}
      >
        {t("run")}
      </button>
      <div role="status" className="grid gap-2">
        {!record && <p className="text-ink-2">{t("choose")}</p>}
        {result && "text" in result && <p className="text-breach">{result.text}</p>}
        {result && "tried" in result && <Shown tried={result.tried} />}
      </div>
    </section>
  );
}

function Shown({ tried }: { tried: Tried }) {
  const t = useTranslations("editor.try");
  const { outcome, problem, changes, leaves } = tried;
  return (
    <>
      <p className={outcome === "failed" ? "text-breach" : "font-semibold"}>
        {t(`outcome.${outcome}`)} {problem}
      </p>
      {changes.length > 0 && (
        <ul aria-label={t("changes")} className="grid gap-1">
          {changes.map(({ record, field, from, to, made }, i) => (
            <li key={i} className="break-words">
              <span className="text-ink-3">
                {record ?? t("run_")}
                {made && ` (${t("new")})`}:{" "}
              </span>
              {field} {from !== null && <span className="text-ink-3 line-through">{said(from)}</span>}{" "}
              <span className="font-semibold">{said(to)}</span>
            </li>
          ))}
        </ul>
      )}
      {leaves.map((one, i) => (
        <Leaves key={i} one={one} />
      ))}
      {outcome === "done" && changes.length === 0 && leaves.length === 0 && (
        <p className="text-ink-2">{t("nothing")}</p>
      )}
    </>
  );
}

function Leaves({ one }: { one: Leaving }) {
  const t = useTranslations("editor.try");
  const box = "overflow-x-auto rounded-md border border-line bg-surface p-2 font-mono whitespace-pre-wrap break-words";
  switch (one.kind) {
    case "call":
      return (
        <figure className="grid gap-1">
          <figcaption>{t("call", { to: one.to })}</figcaption>
          <pre className={box} tabIndex={0}>
            {[
              `${one.method} ${one.url}`,
              ...one.headers.map(([name, value]) => `${name}: ${value}`),
              "",
              one.body ?? "",
            ]
              .join("\n")
              .trim()}
          </pre>
        </figure>
      );
    case "mail":
      return (
        <figure className="grid gap-1">
          <figcaption>{t("mail", { to: one.to.join(", ") })}</figcaption>
          <pre className={box} tabIndex={0}>{`${one.subject}\n\n${one.text}`}</pre>
        </figure>
      );
    case "notice":
      return <p>{t("notice", { to: one.to, text: one.text })}</p>;
    case "process":
      return <p>{t("process", { process: one.process })}</p>;
    case "event":
      return <p>{t("event", { event: one.event })}</p>;
    case "problem":
      return <p className="text-breach">{one.text}</p>;
    default:
      return one satisfies never;
  }
}

const said = (value: unknown): string =>
  typeof value === "string" ? value : value === null || value === undefined ? "–" : JSON.stringify(value);
