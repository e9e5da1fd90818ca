"use client";
/** What a queue handed out: each person's share against their weight, and the newest picks with their proof. */
import { Download } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { saveFile } from "../save-file.ts";
import { Screen } from "../settings/screen.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { toast } from "../ui/toast.tsx";
import { ledgerDays } from "./ledger-days.ts";
import { PickProof, usePickWords } from "./pick-proof.tsx";

type Ledger = Awaited<ReturnType<Caller["queues"]["ledger"]>>;

export function LedgerScreen({
  ledger,
  days,
  period,
}: {
  ledger: Ledger;
  days: number;
  period: { from: number; to: number };
}) {
  const t = useTranslations("routing");
  const p = useTranslations("pick");
  const format = useFormat();
  const client = useTRPCClient();
  const router = useRouter();
  const words = usePickWords();
  const [busy, setBusy] = useState(false);
  async function exportCsv() {
    setBusy(true);
    try {
      const { csv, complete } = await client.queues.exportLedger.query({ key: ledger.key, ...period });
      saveFile(`ledger-${ledger.key}.csv`, csv, "text/csv;charset=utf-8");
      toast(t(complete ? "exported" : "exportedPart"));
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
    setBusy(false);
  }
  const percent = (n: number | null) => (n === null ? "–" : format.percent(n / 100));
  return (
    <Screen
      title={t("ledgerTitle", { name: ledger.name })}
      text={t("ledgerText")}
      actions={
        <Button disabled={busy || ledger.picks.length === 0} onClick={() => void exportCsv()}>
          <Download aria-hidden className="size-4" />
          {t("export")}
        </Button>
      }
    >
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t("days")} className="w-48">
          {(ids) => (
            <select
              {...ids}
              className={inputLook}
              value={days}
              onChange={(e) => router.push(`/settings/queues/${ledger.key}?days=${e.target.value}`)}
            >
              {ledgerDays.map((n) => (
                <option key={n} value={n}>
                  {t("lastDays", { n })}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <section aria-label={t("shares")} className="grid gap-2 rounded-lg border border-line bg-surface p-4">
        <h2 className="text-sm font-semibold">{t("shares")}</h2>
        <div className="overflow-x-auto" tabIndex={0} aria-label={t("shares")} role="group">
          <table className="w-full text-sm [&_td]:px-1 [&_td]:py-1 sm:[&_td]:px-2 [&_th]:px-1 sm:[&_th]:px-2 [&_th]:text-left [&_th]:text-xs [&_th]:font-medium [&_th]:text-ink-2">
            <thead>
              <tr className="border-b border-line">
                <th scope="col">{p("person")}</th>
                <th scope="col">{t("weight")}</th>
                <th scope="col">{t("turns")}</th>
                <th scope="col">{t("share")}</th>
                <th scope="col">{t("meant")}</th>
                <th scope="col">{t("picked")}</th>
                <th scope="col">{t("byHand")}</th>
              </tr>
            </thead>
            <tbody className="tabular-nums">
              {ledger.shares.map((one) => (
                <tr key={one.id}>
                  <td>{one.name}</td>
                  <td>{one.weight}</td>
                  <td>{one.turns}</td>
                  <td>{percent(one.had)}</td>
                  <td>{percent(one.meant)}</td>
                  <td>{one.picked}</td>
                  <td>{one.byHand}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className="text-xs text-ink-3">{t("sharesHelp")}</p>
      </section>
      <section aria-label={t("picks")} className="grid gap-2 rounded-lg border border-line bg-surface p-4">
        <h2 className="text-sm font-semibold">{t("picks")}</h2>
        {ledger.picks.length === 0 && <p className="text-sm text-ink-2">{t("noPicks")}</p>}
        <ol className="divide-y divide-line">
          {ledger.picks.map((row) => (
            <li key={row.seq} className="grid gap-1 py-2 sm:grid-cols-[minmax(0,14rem)_minmax(0,1fr)] sm:gap-4">
              <div className="grid content-start text-sm">
                <Link
                  href={`/records/${row.record.id}#event-${row.seq}`}
                  className="break-words text-accent-text hover:underline"
                >
                  {row.record.title}
                </Link>
                <span className="text-xs text-ink-3">{`${row.process} · ${format.dateTime(row.at)}`}</span>
              </div>
              {row.pick ? (
                <PickProof pick={row.pick} />
              ) : (
                <p className="text-sm break-words">
                  {words.byHand(row.chosen, row.rule)}
                  {row.by && row.by !== row.chosen && (
                    <span className="text-xs text-ink-2">{` ${p("by", { name: row.by })}`}</span>
                  )}
                </p>
              )}
            </li>
          ))}
        </ol>
      </section>
    </Screen>
  );
}
