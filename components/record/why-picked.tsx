"use client";
import { useTranslations } from "use-intl";
import type { StayView } from "@/server/inbox/read-why.ts";

type Pick = NonNullable<StayView["assigned"][number]["pick"]>;

/** The rule that chose somebody, and the pool as it was then. */
export function Picked({ pick }: { pick: Pick }) {
  const t = useTranslations("why.pick");
  return (
    <div className="text-xs text-ink-2">
      <p>
        {t("by", {
          rule: t.has(`rule.${pick.rule}`) ? t(`rule.${pick.rule}`) : pick.rule.replaceAll("_", " "),
          role: pick.role,
        })}
        {pick.queue && ` ${t("queue", { queue: pick.queue })}`}
        {pick.fallback && ` ${t("fallback")}`}
      </p>
      {pick.pool.length > 0 && (
        <ul className="flex flex-wrap gap-x-3">
          {pick.pool.map((seat) => (
            <li key={seat.name} className={seat.available ? "" : "text-ink-3"}>
              {t("seat", { name: seat.name, n: seat.open })}
              {seat.reason && ` (${seat.reason})`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
