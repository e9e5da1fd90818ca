"use client";
import { useTranslations } from "use-intl";
import { nothingSaid, subjectOf } from "./history.tsx";

/** Events in a person's words: those that SLAs name, and the facts of the log. `names`: steps by id, `labels`: fields by key. */
export function useEventWords(names: Readonly<Record<string, string>>, labels: ReadonlyMap<string, string>) {
  const t = useTranslations("clock");
  const record = useTranslations("record");
  return {
    /** `step.completed:review` → “the step Review was completed”. */
    name(event: string | undefined): string {
      if (!event) return "";
      const [name = "", step] = event.split(":");
      const key = name.replaceAll(".", "_");
      const said = t.has(`event.${key}`) ? t(`event.${key}`) : name.replaceAll(/[._]/g, " ");
      return step ? t("eventAt", { event: said, step: names[step] ?? step }) : said;
    },
    said: (type: string, data: unknown): string =>
      record.has(`event.${type}`)
        ? record(`event.${type}`, { ...nothingSaid, what: subjectOf(data, names, labels) })
        : type,
  };
}
