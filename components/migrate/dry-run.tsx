"use client";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import { chosenRuns, type Move, type Previewed } from "./plan.ts";
import { RunTable } from "./run-table.tsx";

/** Runs asked for at a time. */
const page = 100;

/** What would become of each run, page by page as it comes; then which of them are moved, and why. */
export function DryRun({
  moves,
  total,
  broken,
  undoHours,
}: {
  /** Each version with its map; all go to the same one. */
  moves: readonly Move[];
  total: number;
  broken: boolean;
  undoHours: number;
}) {
  const t = useTranslations("migrate");
  const client = useTRPCClient();
  const format = useFormat();
  const router = useRouter();
  const { busy, act } = useAct();
  const [looking, setLooking] = useState(false);
  const [runs, setRuns] = useState<Previewed[] | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState("");
  const stop = useRef(false);
  async function look() {
    stop.current = false;
    setLooking(true);
    setRefused(null);
    const found: Previewed[] = [];
    try {
      for (const { between, plan } of moves)
        for (let after: string | null = ""; after !== null && !stop.current; ) {
          const next = await client.migration.preview.mutate({ ...between, plan, after, limit: page });
          found.push(...next.runs.map((run) => ({ ...run, version: between.from.version })));
          after = next.next;
          setRuns([...found]);
        }
      setChosen(new Set(found.filter(({ verdict }) => verdict === "ok").map(({ id }) => id)));
    } catch (error) {
      setRefused(refusalOf(error).text);
    } finally {
      setLooking(false);
    }
  }
  const fit = (runs ?? []).filter(({ verdict }) => verdict === "ok");
  const [first, ...more] = moves;
  const to = first?.between.to;
  const batch = chosenRuns(
    moves,
    fit.map(({ id }) => id),
    chosen,
  );
  const start = async () => {
    if (!batch || !first) return;
    const also = more.map(({ between, plan }) => ({ from: between.from, plan }));
    const done = await act(
      () =>
        client.batches.start.mutate({
          kind: "migrate",
          params: {
            ...first.between,
            plan: first.plan,
            ...(also.length > 0 && { also }),
            ...(batch.except.length > 0 && { except: batch.except }),
          },
          filter: batch.filter,
          reason: reason.trim(),
        }),
      t("started", { n: chosen.size }),
    );
    if (done) router.refresh();
  };
  return (
    <section className="grid gap-3 rounded-lg border border-line bg-surface p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="text-sm font-semibold">{t("dryRun")}</h2>
        {runs && (
          <>
            <Status kind="on_track">{t("wouldMove", { n: fit.length })}</Status>
            {runs.length > fit.length && (
              <Status kind="breached">{t("wouldStay", { n: runs.length - fit.length })}</Status>
            )}
          </>
        )}
        <span className="ml-auto flex items-center gap-2">
          {looking && (
            <span role="status" className="text-xs text-ink-2 tabular-nums">
              {t("looked", { n: format.number(runs?.length ?? 0), total: format.number(total) })}
            </span>
          )}
          {looking ? (
            <Button onClick={() => (stop.current = true)}>{t("stopLooking")}</Button>
          ) : (
            <Button kind={runs ? "secondary" : "primary"} disabled={broken} onClick={() => void look()}>
              {runs ? t("lookAgain") : t("look", { n: total })}
            </Button>
          )}
        </span>
      </div>
      <p className="text-sm text-ink-2">{broken ? t("mendFirst") : t("dryRunText")}</p>
      {refused && (
        <p role="alert" className="text-sm text-breach">
          {refused}
        </p>
      )}
      {runs && <RunTable runs={runs} several={moves.length > 1} chosen={chosen} onChoose={setChosen} />}
      {runs && fit.length > 0 && !looking && (
        <div className="grid gap-3 border-t border-line pt-3 md:grid-cols-[minmax(0,1fr)_auto] md:items-end">
          <Field label={t("reason")} help={t("reasonHelp", { n: undoHours })} required>
            {(ids) => (
              <input
                {...ids}
                className={inputLook}
                maxLength={500}
                value={reason}
                onChange={(e) => setReason(e.target.value)}
              />
            )}
          </Field>
          <Button
            kind="primary"
            className="md:mb-5"
            disabled={busy || chosen.size === 0 || !reason.trim() || batch === null}
            onClick={() => void start()}
          >
            {t("moveChosen", { n: chosen.size, version: to?.version ?? 0 })}
          </Button>
          {batch === null && <p className="text-xs text-breach">{t("tooManyNamed")}</p>}
        </div>
      )}
    </section>
  );
}
