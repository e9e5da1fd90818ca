"use client";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useAct } from "../use-act.ts";
import { DaySpans, type Spanned } from "./day-spans.tsx";

type DelegationList = Awaited<ReturnType<Caller["delegations"]["list"]>>;

/** Who decides on whose approvals for a time, with or without being away. */
export function Delegations({
  delegations,
  people,
  colleagues,
  me,
}: {
  delegations: DelegationList;
  /** For whom this person may say it. */
  people: readonly Spanned[];
  colleagues: readonly { id: string; name: string }[];
  me: string;
}) {
  const t = useTranslations("settings.delegations");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  return (
    <section aria-label={t("title")} className="grid gap-3">
      <div className="grid gap-0.5">
        <h2 className="text-base font-semibold">{t("title")}</h2>
        <p className="text-sm text-ink-2">{t("text")}</p>
      </div>
      <DaySpans
        words={{
          title: t("title"),
          who: t("who"),
          from: t("from"),
          to: t("to"),
          reason: t("reason"),
          add: t("add"),
          none: t("none"),
          now: t("now"),
          end: t("end"),
        }}
        spans={delegations}
        people={people}
        me={me}
        busy={busy}
        now="info"
        reasonRequired
        second={
          <Field label={t("delegate")} required>
            {(ids) => (
              <select {...ids} name="delegate" required defaultValue="" className={inputLook}>
                <option value="">{t("choose")}</option>
                {colleagues.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        }
        nameOf={({ delegate, name }) => t("for", { delegate, name })}
        spanText={(days) => t("span", days)}
        endText={({ name }) => t("endOf", { name })}
        onAdd={({ who, from, to, reason, data }) =>
          act(
            () =>
              client.delegations.add.mutate({
                memberId: who.id,
                delegateId: String(data.get("delegate") ?? ""),
                from,
                to,
                reason,
              }),
            t("added", { name: who.name }),
          )
        }
        onEnd={({ id, name }) => void act(() => client.delegations.end.mutate({ id }), t("ended", { name }))}
      />
    </section>
  );
}
