"use client";
import { Pause, Play, RotateCcw, SkipBack, SkipForward, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { stepName } from "./map-model.ts";
import type { Playing, Player } from "./use-playing.ts";

/** Over the map while a counter-example is played: what happens, in words, and the keys to it. */
export function PlayBar({ doc, player, playing }: { doc: Process; player: Player; playing: Playing }) {
  const t = useTranslations("editor");
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    first.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  function key(event: KeyboardEvent) {
    if (event.key === "ArrowRight") player.step(1);
    else if (event.key === "ArrowLeft") player.step(-1);
    else if (event.key === "Home") player.restart();
    else if (event.key === "Escape") player.stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const look = "grid size-8 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-sunken disabled:opacity-40";
  const PlayIcon = player.runs ? Pause : player.last ? RotateCcw : Play;
  const playWord = t(player.runs ? "play.pause" : player.last ? "play.again" : "play.go");
  return (
    <div
      role="toolbar"
      tabIndex={-1}
      aria-label={t("play.title")}
      onKeyDown={key}
      className="absolute inset-x-3 top-3 z-10 mx-auto flex w-fit max-w-[calc(100%-1.5rem)] items-center gap-1 rounded-md border border-line bg-surface p-1.5 shadow-overlay"
    >
      <button
        type="button"
        className={look}
        aria-label={t("play.back")}
        title={`${t("play.back")} (←)`}
        disabled={playing.at === 0}
        onClick={() => player.step(-1)}
      >
        <SkipBack aria-hidden className="size-4" />
      </button>
      <button ref={first} type="button" className={look} aria-label={playWord} title={playWord} onClick={player.toggle}>
        <PlayIcon aria-hidden className="size-4" />
      </button>
      <button
        type="button"
        className={look}
        aria-label={t("play.on")}
        title={`${t("play.on")} (→)`}
        disabled={player.last}
        onClick={() => player.step(1)}
      >
        <SkipForward aria-hidden className="size-4" />
      </button>
      <span className="px-1 text-xs whitespace-nowrap text-ink-3 tabular-nums">
        {t("play.count", { n: playing.at, all: playing.frames.length - 1 })}
      </span>
      <p role="status" className="min-w-0 px-1 text-sm text-ink md:min-w-72">
        {sentence(doc, playing, t)}
      </p>
      <button
        type="button"
        className={look}
        aria-label={t("play.close")}
        title={`${t("play.close")} (Esc)`}
        onClick={player.stop}
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}

type Say = ReturnType<typeof useTranslations<"editor">>;

/** What has just happened and, in the last picture, why nothing good comes of it. */
function sentence(doc: Process, { problem, frames, at }: Playing, t: Say): string {
  const end = at === frames.length - 1 ? ` ${ending(doc, problem, frames[at]!.standing, t)}` : "";
  return `${happened(doc, frames[at]?.step ?? null, t)}${end}`;
}

function happened(doc: Process, step: Playing["frames"][number]["step"], t: Say): string {
  if (!step) return t("play.begins");
  const name = stepName(doc, step.node, t);
  const kind = doc.nodes.find((n) => n.id === step.node)?.kind;
  const to = step.edges.map((id) => stepName(doc, doc.edges.find((e) => e.id === id)?.to ?? "", t));
  const [only] = to;
  if (only === undefined) return t("play.eaten", { name });
  if (step.stays) return t("play.rings", { name, to: only });
  if (to.length > 1) return t("play.splits", { name, to: to.join(", ") });
  if (kind === "join") return t("play.joins", { name, to: only });
  return t(kind === "decision" ? "play.chooses" : "play.goes", { name, to: only });
}

function ending(doc: Process, problem: Playing["problem"], standing: Playing["frames"][number]["standing"], t: Say) {
  const name = stepName(doc, problem.node ?? "", t);
  if (problem.code === "DEADLOCK") {
    const waiting = [...new Set(standing.map(({ node }) => stepName(doc, node, t)))].join(", ");
    return t("play.stuck", { name: waiting || name });
  }
  if (problem.code === "LACK_OF_SYNCHRONISATION") return t("play.twice", { name });
  if (problem.code === "ENDLESS_LOOP") return t("play.round");
  return t("play.noEnd", { name });
}
