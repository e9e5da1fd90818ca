import { cn } from "./cn.ts";

const hues = [
  "bg-info-bg text-info",
  "bg-ok-bg text-ok",
  "bg-risk-bg text-risk",
  "bg-accent-soft text-accent-text",
  "bg-mute-bg text-mute",
];

/** Initials on a colour that stays with the name. The name itself stands beside it. */
export function Avatar({ name }: { name: string }) {
  const words = name.trim().split(/\s+/);
  const initials = `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
  const hue = [...name].reduce((sum, c) => sum + (c.codePointAt(0) ?? 0), 0) % hues.length;
  return (
    <span
      aria-hidden
      className={cn("grid size-7 shrink-0 place-items-center rounded-full text-2xs font-semibold", hues[hue])}
    >
      {initials}
    </span>
  );
}
