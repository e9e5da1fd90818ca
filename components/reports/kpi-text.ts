import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";

/** How a KPI's values and targets are written, by the unit of the catalogue. */
export function useKpiText(currency: string) {
  const t = useTranslations("kpi");
  const format = useFormat();
  const value = (amount: number, unit: string): string => {
    const digits = Math.abs(amount) >= 100 ? 0 : 1;
    if (unit === "percent") return format.percent(amount / 100, Math.abs(amount) < 10 ? 1 : 0);
    if (unit.startsWith("base currency")) return format.money(amount, currency, true);
    const key = unit.replaceAll(/\W+/g, "_");
    return t.has(`unit.${key}`)
      ? t(`unit.${key}`, { n: format.number(amount, digits) })
      : format.number(amount, digits);
  };
  const target = (goal: { min?: number | undefined; max?: number | undefined } | null, unit: string): string => {
    if (!goal) return "–";
    const { min, max } = goal;
    if (min !== undefined && max !== undefined) return `${value(min, unit)} – ${value(max, unit)}`;
    if (min !== undefined) return `≥ ${value(min, unit)}`;
    return max !== undefined ? `≤ ${value(max, unit)}` : "–";
  };
  return { value, target };
}
