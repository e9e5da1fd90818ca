"use client";
import { useTranslations } from "use-intl";
import { type BoundaryTimer, isStep, type ProcessNode } from "@/server/engine/process.ts";
import { freeId, setNode } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { ActionList } from "./action-list.tsx";
import { filled } from "./as-key.ts";
import { Branches } from "./branches.tsx";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { isKey, isShort, Strict, Text } from "./text-field.tsx";

type Outcome = { id: string; label: string };

/** What happens when the step is done, or when its time is up. */
export function TabDone({ editor, node, connecting }: { editor: EditorState; node: ProcessNode; connecting: number }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const outcomes = (Array.isArray(node.config.outcomes) ? node.config.outcomes : []) as Outcome[];
  const setOutcomes = (next: Outcome[], typing: string | null = null) =>
    run(
      t("did.edit"),
      (d) => {
        const { outcomes: _, ...config } = node.config;
        return setNode(d, node.id, { config: next.length ? { ...config, outcomes: next } : config });
      },
      typing,
    );
  const others = (node.boundary ?? []).filter((b) => b.kind !== "timer");
  const timers = (node.boundary ?? []).filter((b) => b.kind === "timer");
  const setTimers = (next: BoundaryTimer[], typing: string | null = null) =>
    run(
      t("did.edit"),
      (d) => setNode(d, node.id, { boundary: next.length || others.length ? [...next, ...others] : undefined }),
      typing,
    );
  const changeTimer = (i: number, change: Partial<BoundaryTimer>, typing: string | null = null) =>
    setTimers(
      timers.map((b, j) =>
        j === i ? { ...filled({ ...b, ...change }), interrupting: change.interrupting ?? b.interrupting } : b,
      ),
      typing,
    );
  return (
    <>
      <Part title={t("goesTo")} count={doc.edges.filter((e) => e.from === node.id).length}>
        <Branches editor={editor} node={node} connecting={connecting} />
      </Part>
      {node.kind === "task" && (
        <Part title={t("outcomesTitle")} count={outcomes.length} open={outcomes.length > 0}>
          <p className="text-xs text-ink-3">{t("outcomesHelp")}</p>
          {outcomes.map((one, i) => (
            <Item
              key={one.id}
              title={one.id}
              remove={t("removeOutcome", { name: one.label })}
              onRemove={() => setOutcomes(outcomes.filter((_, j) => j !== i))}
            >
              <Text
                label={t("outcomeLabel")}
                max={80}
                value={one.label}
                onChange={(label) =>
                  setOutcomes(
                    outcomes.map((o, j) => (j === i ? { ...o, label } : o)),
                    `outcome:${node.id}:${one.id}`,
                  )
                }
              />
            </Item>
          ))}
          {outcomes.length < 9 && (
            <AddButton
              onClick={() =>
                setOutcomes([
                  ...outcomes,
                  {
                    id: freeId(
                      outcomes.map((o) => o.id),
                      "outcome",
                    ),
                    label: t("outcomeNew", { n: outcomes.length + 1 }),
                  },
                ])
              }
            >
              {t("addOutcome")}
            </AddButton>
          )}
        </Part>
      )}
      {isStep(node.kind) && (
        <>
          <Part title={t("onComplete")} count={node.onComplete?.length ?? 0} open={(node.onComplete?.length ?? 0) > 0}>
            <ActionList
              doc={doc}
              place={`complete:${node.id}`}
              label={t("onComplete")}
              actions={node.onComplete ?? []}
              onChange={(next, typing) =>
                run(t("did.edit"), (d) => setNode(d, node.id, { onComplete: next.length ? next : undefined }), typing)
              }
            />
          </Part>
          <Part title={t("timers")} count={timers.length} open={timers.length > 0}>
            {timers.map((timer, i) => (
              <Item
                key={timer.id}
                title={t("afterTime", { time: timer.after })}
                remove={t("removeTimer")}
                onRemove={() => setTimers(timers.filter((_, j) => j !== i))}
              >
                <Strict
                  label={t("timerAfter")}
                  help={t("targetHelp")}
                  value={timer.after}
                  accept={isShort}
                  wrong={t("wrong.duration")}
                  onChange={(after) => changeTimer(i, { after }, `after:${node.id}:${i}`)}
                />
                <Choice
                  label={t("calendar")}
                  value={timer.calendar ?? ""}
                  options={[
                    ["", t("noCalendar")],
                    ...Object.entries(doc.calendars).map(([k, c]) => [k, c.name ?? k] as const),
                  ]}
                  onChange={(v) => changeTimer(i, { calendar: v || undefined })}
                />
                <Check
                  label={t("interrupting")}
                  checked={timer.interrupting}
                  onChange={(on) => changeTimer(i, { interrupting: on, ...(on && { repeat: undefined }) })}
                />
                {!timer.interrupting && (
                  <Check
                    label={t("repeats")}
                    checked={timer.repeat === true}
                    onChange={(on) => changeTimer(i, { repeat: on || undefined })}
                  />
                )}
                <Strict
                  label={t("exitKey")}
                  value={timer.id}
                  accept={(v) => isKey(v) && !timers.some((b, j) => j !== i && b.id === v)}
                  wrong={t("wrong.key")}
                  onChange={(id) =>
                    run(
                      t("did.edit"),
                      (d) => {
                        const next = setNode(d, node.id, {
                          boundary: [...timers.map((b, j) => (j === i ? { ...b, id } : b)), ...others],
                        });
                        // The connection that leaves by this exit follows its name.
                        return {
                          ...next,
                          edges: next.edges.map((e) =>
                            e.from === node.id && e.port === timer.id ? { ...e, port: id } : e,
                          ),
                        };
                      },
                      `timerid:${node.id}:${i}`,
                    )
                  }
                />
              </Item>
            ))}
            <AddButton
              onClick={() =>
                setTimers([
                  ...timers,
                  {
                    id: freeId(
                      timers.map((b) => b.id),
                      "timer",
                    ),
                    kind: "timer",
                    after: "1d",
                    interrupting: true,
                  },
                ])
              }
            >
              {t("addTimer")}
            </AddButton>
          </Part>
        </>
      )}
    </>
  );
}
