"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Preview } from "@/server/commands/recompute-clocks.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { useAct } from "../use-act.ts";

type Difference = Preview["differences"][number];

/** The clocks of a run computed anew beside those that run: what would differ, what to adopt, what to take back. */
export function RecomputeDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const t = useTranslations("clock.recompute");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [under, setUnder] = useState<"own" | "live">("own");
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [reason, setReason] = useState("");
  const shown = useQuery({
    queryKey: ["clocks.preview", runId, under],
    queryFn: () => client.clocks.preview.query({ runId, under }),
    gcTime: 0,
    retry: false,
  });
  const differences = shown.data?.differences ?? [];
  const changed = differences.filter((one) => one.differs);
  // Open ones are offered; a finished cycle stays as it is unless somebody chooses it.
  const offered = new Set(changed.flatMap((one) => (one.id && one.adoptable && !one.ended ? one.id : [])));
  const picked = chosen ?? offered;
  const toggle = (id: string) =>
    setChosen(new Set(picked.has(id) ? [...picked].filter((one) => one !== id) : [...picked, id]));
  const done = (ok: boolean) => {
    if (!ok) return;
    setChosen(null);
    void shown.refetch();
  };
  return (
    <Dialog open onClose={onClose} title={t("title")} wide>
      <div className="grid gap-4">
        <p className="text-sm text-ink-2">{t("text")}</p>
        <Field label={t("under")}>
          {(ids) => (
            <select
              {...ids}
              className={inputLook}
              value={under}
              onChange={(e) => {
                setUnder(e.target.value === "live" ? "live" : "own");
                setChosen(null);
              }}
            >
              <option value="own">{t("own")}</option>
              <option value="live">{t("live")}</option>
            </select>
          )}
        </Field>
        {shown.isPending && (
          <p role="status" className="text-sm text-ink-2">
            {t("computing")}
          </p>
        )}
        {shown.error && (
          <p role="alert" className="text-sm text-breach">
            {refusalOf(shown.error).text}
          </p>
        )}
        {shown.data && changed.length === 0 && <p className="text-sm text-ink-2">{t("same")}</p>}
        {changed.length > 0 && (
          <ul className="grid gap-2">
            {changed.map((one, i) => (
              <Row
                key={one.id ?? `new${i}`}
                difference={one}
                checked={one.id !== null && picked.has(one.id)}
                onToggle={() => one.id && toggle(one.id)}
              />
            ))}
          </ul>
        )}
        <Revertible
          differences={differences}
          busy={busy}
          onRevert={(clock) =>
            void act(
              () => client.clocks.revert.mutate({ runId, clock, reason: reason.trim() || t("taken") }),
              t("reverted"),
            ).then(done)
          }
        />
        {changed.length > 0 && (
          <Field label={t("reason")} required>
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
        )}
        <div className="flex flex-wrap gap-2">
          {changed.length > 0 && (
            <Button
              kind="primary"
              disabled={busy || picked.size === 0 || !reason.trim() || !shown.data}
              onClick={() =>
                void act(
                  () =>
                    client.clocks.adopt.mutate({
                      runId,
                      under,
                      clocks: [...picked],
                      reason: reason.trim(),
                      rev: shown.data!.rev,
                    }),
                  t("adopted", { n: picked.size }),
                ).then(done)
              }
            >
              {t("adopt", { n: picked.size })}
            </Button>
          )}
          <Button onClick={onClose}>{t("drop")}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function Row({ difference, checked, onToggle }: { difference: Difference; checked: boolean; onToggle: () => void }) {
  const t = useTranslations("clock.recompute");
  const format = useFormat();
  const word = useTranslations("clock");
  const { was, now } = difference;
  const moment = (at: number | null | undefined) => (at == null ? "–" : format.dateTime(at));
  const lines: [string, string, string][] = [
    [t("state"), was ? word(`state.${was.state}`) : "–", now ? word(`state.${now.state}`) : "–"],
    [word("currentDue"), moment(was?.dueAt), moment(now?.dueAt)],
    [word("breached"), moment(was?.breachedAt), moment(now?.breachedAt)],
    [word("business"), was ? format.work(was.businessMs) : "–", now ? format.work(now.businessMs) : "–"],
    [word("target"), was?.target ?? "–", now?.target ?? "–"],
    [word("calendar"), calendarOf(was), calendarOf(now)],
    [word("started"), moment(was?.startedAt), moment(now?.startedAt)],
    [word("stopped"), moment(was?.stoppedAt), moment(now?.stoppedAt)],
  ];
  return (
    <li className="grid gap-2 rounded-md border border-line p-3 text-sm">
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4 accent-[var(--accent)]"
          checked={checked}
          disabled={!difference.adoptable || difference.id === null}
          onChange={onToggle}
        />
        <span className="font-semibold">{difference.name}</span>
        <span className="text-ink-3">
          {[difference.node, difference.ended ? t("finished") : null].filter(Boolean).join(" · ")}
        </span>
      </label>
      {was === null && <p className="text-ink-2">{t("new")}</p>}
      {now === null && <p className="text-ink-2">{t("gone")}</p>}
      {was && now && !difference.adoptable && <p className="text-ink-2">{t("notAdoptable")}</p>}
      <table className="w-full text-xs">
        <thead className="text-left text-ink-3">
          <tr>
            <th className="font-normal">{t("what")}</th>
            <th className="font-normal">{t("before")}</th>
            <th className="font-normal">{t("after")}</th>
          </tr>
        </thead>
        <tbody>
          {lines
            .filter(([, before, after]) => before !== after)
            .map(([label, before, after]) => (
              <tr key={label} className="border-t border-line">
                <th scope="row" className="py-1 text-left font-normal text-ink-3">
                  {label}
                </th>
                <td className="py-1 tabular-nums">{before}</td>
                <td className="py-1 font-semibold tabular-nums">{after}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </li>
  );
}

const calendarOf = (side: Difference["was"]): string =>
  side?.calendar ? `${side.calendar.key} r${side.calendar.revision}, ${side.calendar.zone}` : "–";

function Revertible({
  differences,
  busy,
  onRevert,
}: {
  differences: readonly Difference[];
  busy: boolean;
  onRevert: (clock: string) => void;
}) {
  const t = useTranslations("clock.recompute");
  const list = differences.filter((one) => one.revertible);
  return list.map((one) => (
    <p key={one.id} className="flex flex-wrap items-center gap-2 text-sm">
      <span>{t("wasAdopted", { name: one.name })}</span>
      <Button size="small" disabled={busy} onClick={() => one.id && onRevert(one.id)}>
        {t("revert")}
      </Button>
    </p>
  ));
}
