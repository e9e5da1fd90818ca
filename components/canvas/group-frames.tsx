"use client";
import { ViewportPortal } from "@xyflow/react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { boxOf } from "../process/nesting.ts";

const room = { side: 24, top: 40 };

/** Stages: a frame behind the steps that belong to each, as large as they are. */
export function GroupFrames({ doc }: { doc: Process }) {
  const t = useTranslations("editor");
  return (
    <ViewportPortal>
      {doc.groups.map((group) => {
        const places = doc.nodes.filter((n) => n.group === group.id).map((n) => boxOf(doc, n));
        if (places.length === 0) return null;
        const x = Math.min(...places.map((p) => p.x)) - room.side;
        const y = Math.min(...places.map((p) => p.y)) - room.top;
        const width = Math.max(...places.map((p) => p.x + p.width)) + room.side - x;
        const height = Math.max(...places.map((p) => p.y + p.height)) + room.side - y;
        return (
          <div
            key={group.id}
            className="pointer-events-none absolute -z-30 rounded-lg border border-line bg-bg/60 px-3 py-2"
            style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
          >
            <p className="text-xs font-semibold text-ink-2">
              {group.name}
              <span className="ml-2 font-normal text-ink-3">{t("stepCount", { n: places.length })}</span>
            </p>
          </div>
        );
      })}
    </ViewportPortal>
  );
}
