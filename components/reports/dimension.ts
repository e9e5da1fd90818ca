import { useTranslations } from "use-intl";

/** What a part of the visits is called: a person by name, a weekday by its word, a field's value as it is written. */
export function useSegmentName(labels: Readonly<Record<string, string>>) {
  const t = useTranslations("reports.segment");
  return ({ dimension, value }: { dimension: string; value: string }): string => {
    const named = labels[`${dimension}:${value}`];
    if (named) return t("named", { dimension: t(`dimension.${dimension}`), value: named });
    if (t.has(`${dimension}.${value}`)) return t(`${dimension}.${value}`);
    const known = t.has(`dimension.${dimension}`) ? t(`dimension.${dimension}`) : dimension;
    return t("named", { dimension: known, value: value.replaceAll("_", " ") });
  };
}
