"use client";
import { Panel, useReactFlow, useViewport } from "@xyflow/react";
import { Map as MapIcon, Maximize, Minus, Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";

/** How near one is, and the small map. */
export function ZoomBar({ small, onSmall }: { small: boolean; onSmall: (on: boolean) => void }) {
  const t = useTranslations("editor");
  const format = useFormat();
  const flow = useReactFlow();
  const { zoom } = useViewport();
  const look =
    "grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:text-accent-text";
  return (
    <Panel
      position="bottom-left"
      className="flex items-center gap-0.5 rounded-md border border-line bg-surface p-0.5 shadow-raised"
    >
      <button
        type="button"
        className={look}
        aria-label={t("zoomOut")}
        title={`${t("zoomOut")} (-)`}
        onClick={() => void flow.zoomOut()}
      >
        <Minus aria-hidden className="size-4" />
      </button>
      <button
        type="button"
        className="h-7 min-w-12 rounded-md text-xs font-semibold tabular-nums hover:bg-sunken"
        aria-label={t("zoomReset", { now: format.percent(zoom) })}
        title={`${t("zoomReset", { now: format.percent(zoom) })} (0)`}
        onClick={() => void flow.zoomTo(1)}
      >
        {format.percent(zoom)}
      </button>
      <button
        type="button"
        className={look}
        aria-label={t("zoomIn")}
        title={`${t("zoomIn")} (+)`}
        onClick={() => void flow.zoomIn()}
      >
        <Plus aria-hidden className="size-4" />
      </button>
      <button
        type="button"
        className={look}
        aria-label={t("fit")}
        title={`${t("fit")} (1)`}
        onClick={() => void flow.fitView({ maxZoom: 1 })}
      >
        <Maximize aria-hidden className="size-4" />
      </button>
      <button
        type="button"
        className={look}
        aria-label={t("minimap")}
        title={t("minimap")}
        aria-pressed={small}
        onClick={() => onSmall(!small)}
      >
        <MapIcon aria-hidden className="size-4" />
      </button>
    </Panel>
  );
}
