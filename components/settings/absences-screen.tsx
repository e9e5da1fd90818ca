"use client";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { useAct } from "../use-act.ts";
import { DaySpans, type Spanned } from "./day-spans.tsx";
import { Screen } from "./screen.tsx";

type Absences = Awaited<ReturnType<Caller["absences"]["list"]>>;

/** Who is away now and next. */
export function AbsencesScreen({
  absences,
  people,
  me,
  children,
}: {
  absences: Absences;
  /** For whom this person may say it. */
  people: readonly Spanned[];
  me: string;
  children?: React.ReactNode;
}) {
  const t = useTranslations("settings.absences");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  return (
    <Screen title={t("title")} text={t("text")}>
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
          end: t("remove"),
        }}
        spans={absences}
        people={people}
        me={me}
        busy={busy}
        now="paused"
        spanText={(days) => t("span", days)}
        endText={({ name }) => t("removeOf", { name })}
        onAdd={({ who, from, to, reason }) =>
          act(() => client.absences.add.mutate({ memberId: who.id, from, to, reason }), t("added", { name: who.name }))
        }
        onEnd={({ id, name }) => void act(() => client.absences.remove.mutate({ id }), t("removed", { name }))}
      />
      {children}
    </Screen>
  );
}
