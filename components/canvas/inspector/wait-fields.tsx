"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import { waitBranch, type WaitBranch } from "@/server/steps/wait/step.ts";
import { freeId } from "../document.ts";
import { exitName, waitBranches } from "../map-model.ts";
import type { EditorState } from "../use-editor.ts";
import { Mover } from "./action-list.tsx";
import { filled } from "./as-key.ts";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { FeelField } from "./feel-field.tsx";
import { AddButton, Item } from "./part.tsx";
import { isKey, isShort, Strict, Text } from "./text-field.tsx";
import { useConfig } from "./use-config.tsx";

/** What a wait waits for: a time, a date, an event, a condition, or whichever of several comes first. */
export function WaitFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { at, set, text, event, duration, condition, feel, words, check, calendar, mapping, fields } = useConfig(
    editor,
    node,
  );
  const { config } = node;
  const waits = config.for;
  const branches = waitBranches(node);
  const takesMessages = waits === "event" || (waits === "first" && branches.some((b) => b.for === "event"));
  const dates = fields.filter((f) => f.kind === "date" || f.kind === "datetime").map((f) => f.name);
  return (
    <>
      {at(
        "for",
        <Choice
          label={t("waitFor")}
          value={text("for")}
          options={(["duration", "date", "event", "condition", "first"] as const).map((k) => [k, t(`waits.${k}`)])}
          onChange={(v) => set({ for: v, ...(v === "first" && branches.length === 0 && { branches: begun(config) }) })}
        />,
      )}
      {waits === "duration" && duration("duration", t("duration"))}
      {waits === "event" && event()}
      {waits === "event" && feel("correlate", t("flow.correlate"), t("flow.correlateHelp"))}
      {waits === "condition" && condition("condition", t("waitCondition"))}
      {waits === "first" && at("branches", <Firsts editor={editor} node={node} branches={branches} />)}
      {(waits === "date" || waits === "event" || waits === "condition") &&
        words("until", waits === "date" ? t("until") : t("deadline"), { max: 4096, suggestions: dates })}
      {(waits === "event" || waits === "condition") && duration("timeout", t("timeout"))}
      {calendar()}
      {takesMessages && (
        <>
          {check("transient", t("flow.transient"))}
          {mapping("output", {
            label: t("flow.keepOfMessage"),
            help: t("flow.keepOfMessageHelp"),
            add: t("flow.keepIn"),
            begin: "message",
          })}
        </>
      )}
    </>
  );
}

/** What it would wait for: what it already names, and a time. */
function begun(config: Record<string, unknown>): WaitBranch[] {
  const event = typeof config.event === "string" ? config.event : "";
  return [
    { id: "answer", for: "event", ...(event && { event }) },
    { id: "time_up", for: "duration", duration: typeof config.timeout === "string" ? config.timeout : "2bd" },
  ];
}

function Firsts({ editor, node, branches }: { editor: EditorState; node: ProcessNode; branches: WaitBranch[] }) {
  const t = useTranslations("editor");
  const { doc } = editor;
  const { set, change, fields, choices } = useConfig(editor, node);
  const put = (next: WaitBranch[], typing: string | null = null) => set({ branches: next }, typing);
  const swap = (i: number, by: number) => {
    const next = [...branches];
    const [one] = next.splice(i, 1);
    if (one) next.splice(i + by, 0, one);
    put(next);
  };
  return (
    <fieldset className="grid gap-2" aria-label={t("flow.branches")}>
      <p className="text-xs text-ink-3">{t("flow.firstHelp")}</p>
      {branches.map((branch, i) => {
        const to = (part: Partial<WaitBranch>, typing: string | null = null) => {
          const next = waitBranch.safeParse(filled({ ...branch, ...part }));
          if (next.success)
            put(
              branches.map((b, j) => (j === i ? next.data : b)),
              typing && `${typing}:${branch.id}`,
            );
        };
        return (
          <Item
            key={i}
            title={`${i + 1}. ${exitName(doc, node, branch.id, t)}`}
            remove={t("flow.removeBranch", { name: branch.id })}
            onRemove={() => put(branches.filter((_, j) => j !== i))}
          >
            <Choice
              label={t("waitFor")}
              value={branch.for}
              options={(["event", "condition", "duration", "date"] as const).map((k) => [k, t(`waits.${k}`)])}
              onChange={(v) => {
                const kind = waitBranch.shape.for.safeParse(v);
                if (kind.success)
                  to({
                    for: kind.data,
                    event: undefined,
                    correlate: undefined,
                    condition: undefined,
                    until: undefined,
                    duration: kind.data === "duration" ? "2bd" : undefined,
                  });
              }}
            />
            {branch.for === "event" && (
              <>
                <Text
                  label={t("event")}
                  mono
                  max={80}
                  value={branch.event ?? ""}
                  suggestions={choices.events}
                  onChange={(event) => to({ event }, "event")}
                />
                <FeelField
                  doc={doc}
                  label={t("flow.correlate")}
                  value={branch.correlate ?? ""}
                  onChange={(correlate) => to({ correlate }, "correlate")}
                />
              </>
            )}
            {branch.for === "condition" && (
              <ConditionField
                doc={doc}
                label={t("waitCondition")}
                value={branch.condition ?? ""}
                onChange={(condition) => to({ condition }, "condition")}
              />
            )}
            {branch.for === "duration" && (
              <Strict
                label={t("duration")}
                help={t("targetHelp")}
                value={branch.duration ?? ""}
                accept={isShort}
                wrong={t("wrong.duration")}
                onChange={(duration) => to({ duration }, "duration")}
              />
            )}
            {branch.for === "date" && (
              <Text
                label={t("until")}
                mono
                max={4096}
                value={branch.until ?? ""}
                suggestions={fields.filter((f) => f.kind === "date" || f.kind === "datetime").map((f) => f.name)}
                onChange={(until) => to({ until }, "until")}
              />
            )}
            <div className="flex items-end gap-1 [&>button]:mb-1.5">
              <div className="min-w-0 flex-1">
                <Strict
                  label={t("exitKey")}
                  value={branch.id}
                  accept={(v) => isKey(v) && !branches.some((b, j) => j !== i && b.id === v)}
                  wrong={t("wrong.key")}
                  onChange={(id) =>
                    // The connection that leaves by this exit follows its name.
                    change(
                      (d) => ({
                        ...d,
                        nodes: d.nodes.map((n) =>
                          n.id === node.id
                            ? {
                                ...n,
                                config: { ...n.config, branches: branches.map((b, j) => (j === i ? { ...b, id } : b)) },
                              }
                            : n,
                        ),
                        edges: d.edges.map((e) =>
                          e.from === node.id && e.port === branch.id ? { ...e, port: id } : e,
                        ),
                      }),
                      `branchid:${node.id}:${i}`,
                    )
                  }
                />
              </div>
              <Mover label={t("earlier")} icon={ArrowUp} disabled={i === 0} onClick={() => swap(i, -1)} />
              <Mover
                label={t("later")}
                icon={ArrowDown}
                disabled={i === branches.length - 1}
                onClick={() => swap(i, 1)}
              />
            </div>
          </Item>
        );
      })}
      {branches.length < 20 && (
        <AddButton
          onClick={() =>
            put([
              ...branches,
              {
                id: freeId(
                  branches.map((b) => b.id),
                  "way",
                ),
                for: "event",
              },
            ])
          }
        >
          {t("flow.addBranch")}
        </AddButton>
      )}
    </fieldset>
  );
}
