"use client";
/** A counter-example played on the map: where its tokens stand after each step, and the clock that moves them. */
import { useEffect, useState } from "react";
import type { Problem } from "@/server/engine/checks/problems.ts";
import type { Process } from "@/server/engine/process.ts";
import type { Frame } from "@/server/engine/checks/token-game.ts";

/** `at`: frames shown so far; 0 is the beginning. */
export type Playing = {
  problem: Problem;
  frames: readonly Frame[];
  /** Every node a token comes to. */
  places: readonly string[];
  at: number;
  runs: boolean;
};
export type Player = ReturnType<typeof usePlaying>;

/** How long one step is looked at. */
const pace = 1100;

/** An edit ends the game: its tokens stand on a map that is no more. */
export function usePlaying(doc: Process) {
  const [playing, setPlaying] = useState<(Playing & { doc: Process }) | null>(null);
  const now = playing?.doc === doc ? playing : null;
  const last = now !== null && now.at >= now.frames.length - 1;
  const runs = now !== null && now.runs && !last;
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(
      () => setPlaying((p) => p && { ...p, at: Math.min(p.at + 1, p.frames.length - 1) }),
      pace,
    );
    return () => clearInterval(timer);
  }, [runs]);
  const move = (to: (p: Playing) => Partial<Playing>) => setPlaying((p) => p && { ...p, ...to(p) });
  return {
    now,
    frame: now?.frames[now.at] ?? null,
    places: now?.places ?? null,
    runs,
    last,
    /** Who asked for no movement goes step by step. Answers whether the problem can be played. */
    async start(problem: Problem): Promise<boolean> {
      const { game } = problem;
      const { playGame } = await import("@/server/steps/index.ts");
      const frames = game && playGame(doc, game.steps);
      if (!frames) return false;
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      const places = [...new Set(frames.flatMap(({ standing }) => standing.map(({ node }) => node)))];
      setPlaying({ problem, frames, places, at: 0, runs: !still, doc });
      return true;
    },
    toggle: () => move((p) => (p.at >= p.frames.length - 1 ? { at: 0, runs: true } : { runs: !p.runs })),
    step: (by: 1 | -1) => move((p) => ({ runs: false, at: Math.max(0, Math.min(p.frames.length - 1, p.at + by)) })),
    restart: () => move(() => ({ at: 0 })),
    stop: () => setPlaying(null),
  };
}
