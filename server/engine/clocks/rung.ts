/** Rungs of a ladder: `150%` of the target, `1h left` before it is used up, `2h late` after. Times are the clock's own: open time. */
import { parseTarget } from "../calendar/read-target.ts";

export type Rung = { at: string; kind: "percent" | "left" | "late"; value: number };

/** Reads a rung; a sentence when it is none. `late` and `left` take hours and minutes: days would mean another thing in each calendar. */
export function readRung(text: string): { ok: true; rung: Rung } | { ok: false; text: string } {
  const trimmed = text.trim();
  const percent = /^(\d{1,4}(?:\.\d{1,2})?)\s*%$/.exec(trimmed);
  if (percent && Number(percent[1]) > 0)
    return { ok: true, rung: { at: trimmed, kind: "percent", value: Number(percent[1]) } };
  const time = /^(\S+)\s+(left|late)$/i.exec(trimmed);
  const target = time ? parseTarget(time[1]!, true) : null;
  if (time && target && "kind" in target && target.kind === "open_time")
    return {
      ok: true,
      rung: { at: trimmed, kind: time[2]!.toLowerCase() === "left" ? "left" : "late", value: target.ms },
    };
  return { ok: false, text: `“${text}” is no rung of a ladder. Write 150%, 1h left or 2h late.` };
}

/** Elapsed at which a rung stands, ms; what would lie before the start stands at it. */
export function elapsedAtRung({ kind, value }: Rung, targetMs: number): number {
  switch (kind) {
    case "percent":
      return Math.ceil((targetMs * value) / 100);
    case "left":
      return Math.max(0, targetMs - value);
    case "late":
      return targetMs + value;
    default:
      return kind satisfies never;
  }
}
