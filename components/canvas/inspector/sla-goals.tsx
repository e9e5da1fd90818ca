"use client";
import { useTranslations } from "use-intl";
import type { Process, Sla } from "@/server/engine/process.ts";
import { readRung } from "@/server/engine/clocks/rung.ts";
import { useNamedFields } from "../choices.tsx";
import { ActionList } from "./action-list.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { Strict } from "./text-field.tsx";

type Put = (change: Partial<Sla>, typing?: string | null) => void;

export const isTarget = (text: string) => text.length > 0 && text.length <= 130;

/** A target as text: a duration, a point in time, or a date of the record to choose from. */
export function TargetField({
  doc,
  value,
  onChange,
}: {
  doc: Process;
  value: string;
  onChange: (value: string) => void;
}) {
  const t = useTranslations("editor");
  const dates = useNamedFields(doc, t("answers")).filter(({ kind }) => kind === "date" || kind === "datetime");
  return (
    <Strict
      label={t("target")}
      value={value}
      accept={isTarget}
      wrong={t("wrong.duration")}
      suggestions={["4h", "8h", "1bd", "2bd", "eod", "1eod", "1bd 16:00", ...dates.map(({ name }) => name)]}
      onChange={onChange}
    />
  );
}

/** Other targets by condition, tried from the top, and what becomes of the time that has passed when another one fits. */
export function SlaGoals({ doc, sla, put }: { doc: Process; sla: Sla; put: Put }) {
  const t = useTranslations("editor");
  const targets = sla.targets ?? [];
  const set = (next: NonNullable<Sla["targets"]>, typing: string | null = null) =>
    put({ targets: next.length ? next : undefined }, typing);
  const change = (i: number, patch: Partial<(typeof targets)[number]>, typing: string | null = null) =>
    set(
      targets.map((one, j) => {
        const { calendar, ...rest } = { ...one, ...patch };
        return j === i ? (calendar ? { ...rest, calendar } : rest) : one;
      }),
      typing,
    );
  return (
    <Part title={t("slaGoals")} count={targets.length} open={targets.length > 0}>
      <p className="text-xs text-ink-3">{t("slaGoalsHelp")}</p>
      {targets.map((goal, i) => (
        <Item
          key={i}
          title={t("slaGoal", { n: i + 1, target: goal.target })}
          remove={t("slaGoalRemove", { n: i + 1 })}
          onRemove={() => set(targets.filter((_, j) => j !== i))}
        >
          <ConditionField
            doc={doc}
            label={t("slaGoalWhen")}
            value={goal.when}
            onChange={(when) => change(i, { when }, `goal${i}`)}
          />
          <div className="grid grid-cols-[7rem_1fr] gap-2">
            <TargetField doc={doc} value={goal.target} onChange={(target) => change(i, { target }, `goaltarget${i}`)} />
            <Choice
              label={t("calendar")}
              value={goal.calendar ?? ""}
              options={[
                ["", t("slaGoalCalendar")],
                ...Object.entries(doc.calendars).map(([key, one]) => [key, one.name ?? key] as const),
              ]}
              onChange={(v) => change(i, { calendar: v || undefined })}
            />
          </div>
        </Item>
      ))}
      <AddButton onClick={() => set([...targets, { when: "", target: sla.target }])}>{t("slaGoalAdd")}</AddButton>
      {targets.length > 0 && (
        <Choice
          label={t("slaGoalSwitch")}
          value={sla.goalSwitch ?? "keep"}
          options={[
            ["keep", t("slaSwitch.keep")],
            ["restart", t("slaSwitch.restart")],
          ]}
          onChange={(v) => put({ goalSwitch: v === "restart" ? "restart" : undefined })}
        />
      )}
    </Part>
  );
}

/** Rungs with what is done at each: before it is due, and after the breach. */
export function SlaLadder({ doc, id, sla, put }: { doc: Process; id: string; sla: Sla; put: Put }) {
  const t = useTranslations("editor");
  const rungs = sla.ladder ?? [];
  const set = (next: NonNullable<Sla["ladder"]>, typing: string | null = null) =>
    put({ ladder: next.length ? next : undefined }, typing);
  const free = ["150%", "1h left", "2h late", "200%"].find((at) => !rungs.some((rung) => rung.at === at)) ?? "300%";
  return (
    <Part title={t("slaLadder")} count={rungs.length} open={rungs.length > 0}>
      <p className="text-xs text-ink-3">{t("slaLadderHelp")}</p>
      {rungs.map((rung, i) => (
        <Item
          key={i}
          title={rung.at}
          remove={t("slaRungRemove", { at: rung.at })}
          onRemove={() => set(rungs.filter((_, j) => j !== i))}
        >
          <Strict
            label={t("slaRungAt")}
            value={rung.at}
            accept={(text) => readRung(text).ok}
            wrong={t("wrong.rung")}
            suggestions={["90%", "1h left", "30m left", "150%", "200%", "1h late", "8h late"]}
            onChange={(at) =>
              set(
                rungs.map((one, j) => (j === i ? { ...one, at } : one)),
                `rung${i}`,
              )
            }
          />
          <ActionList
            doc={doc}
            place={`rung:${id}:${i}`}
            label={t("slaRungDoes", { at: rung.at })}
            actions={rung.do}
            onChange={(actions, typing) =>
              set(
                rungs.map((one, j) => (j === i ? { ...one, do: actions } : one)),
                typing,
              )
            }
          />
        </Item>
      ))}
      <AddButton onClick={() => set([...rungs, { at: free, do: [{ verb: "notify", to: "process_owner" }] }])}>
        {t("slaRungAdd")}
      </AddButton>
    </Part>
  );
}
