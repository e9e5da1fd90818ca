import { useTranslations } from "use-intl";
import type { Where as WhereView } from "@/server/inbox/explain.ts";
import { useFormat } from "../ui/locale.tsx";
import { Decided } from "./decided.tsx";
import { ValuesOf } from "./values-of.tsx";

const noLabels: ReadonlyMap<string, string> = new Map();

/** Where it is and why, in sentences; each stands on an event of the log. `before`, `after`: what its round and its waits say. */
export function Where({
  where,
  labels = noLabels,
  before,
  after,
}: {
  where: WhereView;
  labels?: ReadonlyMap<string, string>;
  before?: React.ReactNode;
  after?: React.ReactNode;
}) {
  const t = useTranslations("where");
  const format = useFormat();
  const lines = [
    t(where.state, {
      name: where.name,
      when: format.dateTime(where.since),
      assignee: where.assignee ?? t("nobody"),
    }),
    where.blocked !== null &&
      t(where.blocked.by === "member" ? "blocked" : "pausedByClock", {
        reason: where.blocked.reason,
        when: format.dateTime(where.blocked.since),
      }),
    where.until !== null && after === undefined && t("until", { when: format.dateTime(where.until) }),
    where.because && t("because", { name: where.because.name, label: where.because.label ?? t("otherwise") }),
  ].filter((line): line is string => typeof line === "string");
  return (
    <div className="grid gap-1 rounded-md bg-sunken px-3 py-2 text-sm">
      {before}
      {lines.map((line) => (
        <p key={line}>
          {line}
          {where.seq !== null && line === lines[0] && <span className="text-xs text-ink-3">{` #${where.seq}`}</span>}
        </p>
      ))}
      {where.because?.conditions.map((c) => (
        <ValuesOf key={c.text} seen={c} />
      ))}
      {where.decided.map((one) => (
        <Decided key={one.seq} decided={one} labels={labels} />
      ))}
      {after}
    </div>
  );
}
