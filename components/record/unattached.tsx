import { useTranslations } from "use-intl";
import { Conditions } from "./clock-card.tsx";
import { useEventWords } from "./event-words.ts";
import type { RecordView } from "./record-screen.tsx";

/** Promises without a clock now, each with what keeps it from starting. */
export function UnattachedList({
  list,
  names,
  labels,
}: {
  list: RecordView["runs"][number]["unattached"];
  names: Readonly<Record<string, string>>;
  labels: ReadonlyMap<string, string>;
}) {
  const t = useTranslations("clock");
  const words = useEventWords(names, labels);
  if (list.length === 0) return null;
  return (
    <details className="text-xs text-ink-2">
      <summary className="w-fit cursor-pointer py-1">{t("unattached", { n: list.length })}</summary>
      <ul className="grid gap-1.5 border-l-2 border-line pl-3">
        {list.map((one) => (
          <li key={`${one.sla}/${one.visit ?? ""}`}>
            <span className="font-medium text-ink">{one.name}</span>
            {` – ${t(`reason.${one.reason}`, { event: words.name(one.event) })}`}
            <Conditions seen={one.seen ?? []} labels={labels} />
          </li>
        ))}
      </ul>
    </details>
  );
}
