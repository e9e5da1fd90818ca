import { CheckSquare, Stamp } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import type { InboxRow } from "@/server/inbox/read-inbox.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";

type Props = {
  rows: InboxRow[];
  selected: string | null;
  currency: string;
  onSelect: (id: string) => void;
};

/** Rows in rank order, under the list they belong to; each says why it stands where it stands. */
export function Queue({ rows, ...rest }: Props) {
  const t = useTranslations("inbox");
  const groups = [...new Set(rows.map((r) => r.split))].map((split) => ({
    split,
    rows: rows.filter((r) => r.split === split),
  }));
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      {groups.map((group) => (
        <section key={group.split} aria-labelledby={`list-${group.split}`}>
          <h2
            id={`list-${group.split}`}
            className="sticky top-0 z-10 border-b border-line bg-surface px-4 py-1.5 text-xs font-semibold text-ink-3"
          >
            {`${t(`split.${group.split}`)} · ${group.rows.length}`}
          </h2>
          <Rows rows={group.rows} {...rest} />
        </section>
      ))}
    </div>
  );
}

function Rows({ rows, selected, currency, onSelect }: Props) {
  const format = useFormat();
  const t = useTranslations("inbox");
  const chosen = useRef<HTMLButtonElement>(null);
  // Walking by key keeps the chosen row in sight.
  // A block, not an expression: newer browsers answer scrolling with a promise, which is no way to clean up.
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <ul>
      {rows.map((row) => {
        const Icon = row.kind === "approval" ? Stamp : CheckSquare;
        return (
          <li key={row.id}>
            <button
              ref={row.id === selected ? chosen : undefined}
              type="button"
              aria-current={row.id === selected}
              onClick={() => onSelect(row.id)}
              className={cn(
                "grid w-full scroll-mt-8 grid-cols-[28px_minmax(0,1fr)_auto] gap-x-2.5 gap-y-0.5 border-b border-line border-l-2 border-l-transparent px-3.5 py-2.5 text-left hover:bg-sunken",
                row.id === selected && "border-l-accent bg-accent-soft",
              )}
            >
              <span className="row-span-3 grid size-7 place-items-center rounded-md bg-sunken text-ink-2">
                <Icon aria-hidden className="size-4" />
              </span>
              <span className="truncate text-sm font-semibold">{row.title}</span>
              <span className="text-right text-xs font-semibold text-ink-2 tabular-nums">
                {row.valueAtRisk === null ? "" : format.money(row.valueAtRisk, currency, true)}
              </span>
              <span className="col-span-2 truncate text-xs text-ink-2">
                {[row.record.title, row.record.account].filter(Boolean).join(" · ")}
              </span>
              <span className="truncate text-xs text-ink-3">{reason(row, t, format)}</span>
              <RowStatus row={row} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

type T = ReturnType<typeof useTranslations<"inbox">>;

function reason(row: InboxRow, t: T, format: ReturnType<typeof useFormat>): string {
  if (row.completedAt !== null) return t("doneAt", { when: format.ago(row.completedAt) });
  if (row.snoozedUntil !== null && row.snoozedUntil > format.now)
    return t("snoozedUntil", { when: format.moment(row.snoozedUntil) });
  if (row.blockedReason) return t("blockedBy", { reason: row.blockedReason });
  if (row.leftMs !== null)
    return row.leftMs >= 0
      ? t("left", { time: format.work(row.leftMs) })
      : t("late", { time: format.work(row.leftMs) });
  return t("since", { when: format.ago(row.offeredAt) });
}

export function RowStatus({ row }: { row: Pick<InboxRow, "rank" | "dueAt" | "completedAt" | "blockedReason"> }) {
  const t = useTranslations("status");
  const format = useFormat();
  if (row.completedAt !== null) return <Status kind="done">{t("done")}</Status>;
  const { status } = row.rank;
  if (status === "paused" && row.blockedReason) return <Status kind="blocked">{t("blocked")}</Status>;
  if (status === "breached" || status === "paused" || status === "at_risk")
    return <Status kind={status}>{t(status)}</Status>;
  return row.dueAt === null ? (
    <Status kind="none">{t("noDue")}</Status>
  ) : (
    <Status kind="on_track">{format.moment(row.dueAt)}</Status>
  );
}
