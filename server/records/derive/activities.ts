/** What the activities of a record say: who reached out first, when it was answered, when anything last happened. */
import type { Plain, Values } from "@/server/engine/model.ts";
import type { Deriving } from "../derive.ts";

/** Written or spoken by a person, going out. */
export const isOutboundTouch = (activity: Values): boolean =>
  activity.direction === "outbound" &&
  activity.type !== "system" &&
  activity.type !== "note" &&
  activity.type !== "task" &&
  isByPerson(activity);

const isByPerson = (activity: Values): boolean => typeof activity.owner_id === "string" && activity.owner_id !== "";

/** The person answered: something came in, or a call or mail was answered. */
export const isReply = (activity: Values): boolean =>
  activity.direction === "inbound" || activity.outcome === "replied";

const times = (activities: readonly Values[]): number[] =>
  activities.flatMap(({ occurred_at: at }) => (typeof at === "number" ? [at] : []));
const earliest = (at: readonly number[]): number | null =>
  at.reduce<number | null>((first, one) => (first === null || one < first ? one : first), null);
const latest = (at: readonly number[]): number | null =>
  at.reduce<number | null>((last, one) => (last === null || one > last ? one : last), null);

/** The four figures of a lead; those stored when its activities did not come along. */
export function touches(values: Values, context: Deriving): Values {
  const { activities } = context;
  const stored = (key: string): Plain => values[key] ?? null;
  if (!activities)
    return {
      first_touch_at: stored("first_touch_at"),
      first_response_at: stored("first_response_at"),
      last_activity_at: stored("last_activity_at"),
      touch_count: stored("touch_count"),
    };
  const outbound = activities.filter(isOutboundTouch);
  return {
    first_touch_at: earliest(times(outbound)),
    first_response_at: earliest(times(activities.filter(isReply))),
    last_activity_at: latest(times(activities)),
    touch_count: outbound.length,
  };
}

export const lastActivity = (values: Values, { activities }: Deriving): Plain =>
  activities ? latest(times(activities)) : (values.last_activity_at ?? null);

/** Whether no other touch on the record went out earlier. */
export const isFirstTouch = (activity: Values, others: readonly Values[]): boolean =>
  isOutboundTouch(activity) &&
  !others.some((other) => isOutboundTouch(other) && Number(other.occurred_at) < Number(activity.occurred_at));
