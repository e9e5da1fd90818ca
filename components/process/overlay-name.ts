/** What the live map can show, in the order the letter O goes through. */
export const overlays = ["kpi", "wip", "waitP85", "breach", "volume", "none"] as const;
export type OverlayName = (typeof overlays)[number];
