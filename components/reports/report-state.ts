/** What is chosen on a report stands in its address: read from it, and written back as links. */
export const tabs = ["bottlenecks", "map", "flow", "ageing", "kpis", "changes"] as const;
export type Tab = (typeof tabs)[number];
export const metrics = ["waitP85", "waitP50", "volume", "breach", "delay", "wip", "rework"] as const;
export type Metric = (typeof metrics)[number];
export const spans = [7, 30, 90, 180, 365] as const;

export type ReportState = {
  tab: Tab;
  /** Whole days back from now, unless both dates are given (local, inclusive). */
  days: number;
  from: string | null;
  to: string | null;
  v: number | null;
  by: "value" | "time";
  cal: "work" | "wall";
  seg: { dimension: string; value: string } | null;
  m: Metric;
  sel: string | null;
};

const date = /^\d{4}-\d\d-\d\d$/;

export function readState(asked: Record<string, string | string[] | undefined>): ReportState {
  const text = (name: string) => (typeof asked[name] === "string" ? asked[name] : "");
  const [from, to] = [text("from"), text("to")];
  const dated = date.test(from) && date.test(to) && from <= to;
  const seg = /^(\w{1,32}):(.{1,200})$/.exec(text("seg"));
  const v = Number(text("v"));
  return {
    tab: tabs.find((tab) => tab === text("tab")) ?? "bottlenecks",
    days: spans.find((days) => String(days) === text("days")) ?? 90,
    from: dated ? from : null,
    to: dated ? to : null,
    v: Number.isInteger(v) && v > 0 && v < 1e6 ? v : null,
    by: text("by") === "time" ? "time" : "value",
    cal: text("cal") === "wall" ? "wall" : "work",
    seg: seg ? { dimension: seg[1]!, value: seg[2]! } : null,
    m: metrics.find((m) => m === text("m")) ?? "waitP85",
    sel: /^[\w-]{1,64}$/.test(text("sel")) ? text("sel") : null,
  };
}

/** Only what differs from the default is written. */
export function writeState(state: ReportState): string {
  const query = new URLSearchParams();
  if (state.tab !== "bottlenecks") query.set("tab", state.tab);
  if (state.from && state.to) {
    query.set("from", state.from);
    query.set("to", state.to);
  } else if (state.days !== 90) query.set("days", String(state.days));
  if (state.v) query.set("v", String(state.v));
  if (state.by !== "value") query.set("by", state.by);
  if (state.cal !== "work") query.set("cal", state.cal);
  if (state.seg) query.set("seg", `${state.seg.dimension}:${state.seg.value}`);
  if (state.m !== "waitP85") query.set("m", state.m);
  if (state.sel) query.set("sel", state.sel);
  const text = query.toString();
  return text ? `?${text}` : "";
}
