/** How old a visit looks: by its form as well as by its colour. */
export const lines = [
  { key: "p50", look: "border-t border-dotted border-ink-2" },
  { key: "p85", look: "border-t-2 border-dashed border-risk-solid" },
  { key: "p95", look: "border-t-2 border-breach-solid" },
] as const;

export type AgeKind = "unknown" | "usual" | "old" | "oldest";

/** `pace`: the share of the finished that took less time; null where there are too few. */
export const ageKind = (pace: number | null): AgeKind =>
  pace === null ? "unknown" : pace >= 0.95 ? "oldest" : pace >= 0.85 ? "old" : "usual";

export const forms: Record<AgeKind, string> = {
  unknown: "size-2.5 rounded-full border-2 border-mute-solid bg-surface",
  usual: "size-2.5 rounded-full bg-info-solid",
  old: "size-2.5 rotate-45 bg-risk-solid",
  oldest: "size-3 bg-breach-solid [clip-path:polygon(50%_0,100%_100%,0_100%)]",
};
export const ageLook = (pace: number | null): string => forms[ageKind(pace)];
