import { useTranslations } from "use-intl";
import type { Where as WhereView } from "@/server/inbox/explain.ts";
import { useFormat } from "../ui/locale.tsx";
import { Decided } from "./decided.tsx";

const noLabels: ReadonlyMap<string, string> = new Map();

/** Where it is and why, in sentences; each stands on an event of the log. */
export function Where({ where, labels = noLabels }: { where: WhereView; labels?: ReadonlyMap<string, string> }) {
  const t = useTranslations("where");
  const format = useFormat();
  const lines = [
    t(where.state, {
      name: where.name,
      when: format.dateTime(where.since),
      assignee: where.assignee ?? t("nobody"),
      event: where.events.join(", "),
    }),
    where.blocked !== null &&
      t(where.blocked.by === "member" ? "blocked" : "pausedByClock", {
        reason: where.blocked.reason,
        when: format.dateTime(where.blocked.since),
      }),
    where.until !== null && t("until", { when: format.dateTime(where.until) }),
    where.because && t("because", { name: where.because.name, label: where.because.label ?? t("otherwise") }),
  ].filter((line): line is string => typeof line === "string");
  return (
    <div className="rounded-md bg-sunken px-3 py-2 text-sm">
      {lines.map((line) => (
        <p key={line}>
          {line}
          {where.seq !== null && line === lines[0] && <span className="text-xs text-ink-3">{` #${where.seq}`}</span>}
        </p>
      ))}
      {where.because?.conditions.map((c) => (
        <p key={c.text} className="font-mono text-xs text-ink-2">
          {`${c.text} → ${String(c.result)}`}
          {Object.entries(c.inputs).map(([name, value]) => ` · ${name} = ${JSON.stringify(value)}`)}
        </p>
      ))}
      {where.decided.map((one) => (
        <Decided key={one.seq} decided={one} labels={labels} />
      ))}
    </div>
  );
}
