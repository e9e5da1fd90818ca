import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";
import type { Report } from "./report-screen.tsx";
import type { Metric } from "./report-state.ts";

type Row = Report["rows"][number];

/** The value of a metric on a step; null where it is not measured or too little to say. */
export const metricOf = (row: Row, metric: Metric): number | null => {
  switch (metric) {
    case "waitP85":
      return row.waitP85;
    case "waitP50":
      return row.waitP50;
    case "volume":
      return row.n;
    case "breach":
      return row.slaAttainment === null ? null : 1 - row.slaAttainment;
    case "delay":
      return row.delay;
    case "wip":
      return row.wip;
    case "rework":
      return row.reworkRate;
    default:
      return metric satisfies never;
  }
};

/** How a metric's values are written. */
export function useMetricText(currency: string, by: "value" | "time") {
  const t = useTranslations("reports");
  const format = useFormat();
  return (metric: Metric, value: number): string => {
    switch (metric) {
      case "waitP85":
      case "waitP50":
        return t("tile.days", { n: format.number(value) });
      case "breach":
      case "rework":
        return format.percent(value);
      case "delay":
        return by === "time" ? format.number(value) : format.money(value, currency, true);
      case "volume":
      case "wip":
        return format.number(value, 0);
      default:
        return metric satisfies never;
    }
  };
}
