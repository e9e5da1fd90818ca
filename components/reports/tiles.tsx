import { useTranslations } from "use-intl";
import type { Tile } from "@/server/reports/tiles.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import type { Report } from "./report-screen.tsx";

/** Four figures, each with what was counted, its course, and how it changed. */
export function Tiles({ tiles, currency }: { tiles: Report["tiles"]; currency: string }) {
  const t = useTranslations("reports.tile");
  const format = useFormat();
  const share = (tile: Tile) =>
    tile.value === null || !tile.before ? null : { by: tile.value / tile.before - 1, kind: "share" as const };
  const gap = (tile: Tile, kind: "days" | "points") =>
    tile.value === null || tile.before === null ? null : { by: tile.value - tile.before, kind };
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)] gap-3 sm:grid-cols-2 xl:grid-cols-4">
      <Card
        label={t("throughput")}
        n={tiles.throughput.n}
        tile={tiles.throughput}
        value={format.number(tiles.throughput.value ?? 0, 0)}
        beside={t("finished")}
        change={share(tiles.throughput)}
        better="up"
        note={t("before", { value: format.number(tiles.throughput.before ?? 0, 0) })}
      />
      <Card
        label={t("cycle")}
        n={tiles.cycle.n}
        tile={tiles.cycle}
        value={tiles.cycle.value === null ? "–" : t("days", { n: format.number(tiles.cycle.value) })}
        beside={tiles.cycle.p85 === null ? t("tooFew") : t("p85", { n: format.number(tiles.cycle.p85) })}
        change={gap(tiles.cycle, "days")}
        better="down"
        note={
          tiles.cycle.before === null
            ? t("noBefore")
            : t("before", { value: t("days", { n: format.number(tiles.cycle.before) }) })
        }
      />
      <Card
        label={t("sla")}
        n={tiles.sla.n}
        tile={tiles.sla}
        value={tiles.sla.value === null ? "–" : format.percent(tiles.sla.value)}
        beside={t("met")}
        change={gap(tiles.sla, "points")}
        better="up"
        note={t("breached", { n: tiles.sla.breached, of: tiles.sla.n })}
      />
      <Card
        label={t("waiting")}
        n={tiles.waiting.n}
        tile={tiles.waiting}
        value={format.money(tiles.waiting.value ?? 0, currency, true)}
        beside={t("open", { n: tiles.waiting.n })}
        change={share(tiles.waiting)}
        better="down"
        note={t("ownWaiting")}
      />
    </dl>
  );
}

type Change = { by: number; kind: "share" | "days" | "points" } | null;

function Card({
  label,
  n,
  tile,
  value,
  beside,
  change,
  better,
  note,
}: {
  label: string;
  n: number;
  tile: Tile;
  value: string;
  beside: string;
  change: Change;
  better: "up" | "down";
  note: string;
}) {
  const t = useTranslations("reports.tile");
  return (
    <div className="grid min-w-0 gap-1.5 rounded-lg border border-line bg-surface px-4 py-3">
      <dt className="flex text-sm font-medium text-ink-2">
        {label}
        <span className="ml-auto text-xs font-normal text-ink-3">{t("n", { n })}</span>
      </dt>
      <dd className="flex min-w-0 items-center gap-2">
        <span className="text-2xl font-semibold whitespace-nowrap tabular-nums">{value}</span>
        <span title={beside} className="min-w-0 flex-1 truncate text-xs text-ink-3">
          {beside}
        </span>
        <span className="shrink-0">
          <Sparkline points={tile.points} label={t("course", { label, n: tile.points.length })} />
        </span>
      </dd>
      <dd className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
        <ChangeChip change={change} better={better} />
        {note}
      </dd>
    </div>
  );
}

function ChangeChip({ change, better }: { change: Change; better: "up" | "down" }) {
  const t = useTranslations("reports.tile");
  const format = useFormat();
  if (!change || Math.abs(change.by) < 1e-9) return null;
  const up = change.by > 0;
  const size = Math.abs(change.by);
  const text =
    change.kind === "days"
      ? t("days", { n: format.number(size) })
      : change.kind === "points"
        ? t("points", { n: format.number(size * 100) })
        : format.percent(size);
  return (
    <span
      className={cn(
        "rounded-full px-2 py-0.5 font-semibold",
        up === (better === "up") ? "bg-info-bg text-info" : "bg-risk-bg text-risk",
      )}
    >
      {`${up ? "▲ +" : "▼ −"}${text}`}
    </span>
  );
}
