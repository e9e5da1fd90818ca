import { and, desc, eq } from "drizzle-orm";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import { calendarProblem } from "@/server/engine/checks/sla-problems.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

export type CalendarInput = { key: string; name: string; definition: ProcessCalendar; validFrom: number };

/**
 * Adds a revision that counts from `validFrom` on (never in the past: clocks already ran by the former one). Earlier revisions
 * stay, because running clocks name the one they were started under; one that waits for a later date still takes over on it.
 */
export async function reviseCalendar(
  deps: Deps,
  ask: Ask,
  { key, name, definition, validFrom }: CalendarInput,
  isNew: boolean,
): Promise<{ ok: true; revision: number } | Refusal> {
  const wrong = calendarProblem(definition);
  if (wrong) return refuse("INVALID", wrong);
  const { read, t } = deps.store;
  let revision = 1;
  const from = Math.max(validFrom, ask.now);
  const saved = await writeSetting(deps, ask, async () => {
    const [before] = await read
      .select()
      .from(t.calendar)
      .where(and(eq(t.calendar.workspaceId, ask.workspaceId), eq(t.calendar.key, key)))
      .orderBy(desc(t.calendar.revision))
      .limit(1);
    if (isNew && before)
      return refuse("CONFLICT", "There is a calendar of this key already. Nothing was made; choose another key.");
    if (!isNew && !before) return refuse("NOT_FOUND", "This calendar does not exist, or you may not see it.");
    revision = (before?.revision ?? 0) + 1;
    return {
      ok: true,
      setting: `calendar.${key}`,
      from: before ? visible(before) : null,
      to: visible({ name, definition, validFrom: from, revision }),
      put: { calendar: [{ workspaceId: ask.workspaceId, key, revision, name, definition, validFrom: from }] },
    };
  });
  return saved.ok ? { ok: true, revision } : saved;
}

const visible = ({
  name,
  definition,
  validFrom,
  revision,
}: Omit<CalendarInput, "key"> & { revision: number }): Plain => ({
  name,
  revision,
  validFrom,
  zone: definition.zone,
  holidays: definition.holidays,
  ...(definition.closed?.length && { closed: definition.closed.map((one) => one.date) }),
  ...(definition.holidayRules?.length && { holidayRules: definition.holidayRules as Plain }),
  ...(definition.special?.length && { special: definition.special as Plain }),
  week: definition.week,
});
