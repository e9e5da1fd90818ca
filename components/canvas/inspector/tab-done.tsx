"use client";
import { useTranslations } from "use-intl";
import { isStep, type ProcessNode } from "@/server/engine/process.ts";
import { freeId, setNode } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { ActionList } from "./action-list.tsx";
import { At } from "./at.tsx";
import { BoundaryList } from "./boundary-list.tsx";
import { Branches } from "./branches.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { Text } from "./text-field.tsx";

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
              node={node.id}
              actions={node.onComplete ?? []}
              onChange={(next, typing) =>
                run(t("did.edit"), (d) => setNode(d, node.id, { onComplete: next.length ? next : undefined }), typing)
              }
            />
          </Part>
          <Part title={t("flow.boundary")} count={node.boundary?.length ?? 0} open={Boolean(node.boundary?.length)}>
            <BoundaryList editor={editor} node={node} />
          </Part>
          <Part
            title={t("flow.compensate")}
            count={node.compensate?.length ?? 0}
            open={(node.compensate?.length ?? 0) > 0}
          >
            <At field="compensate">
              <p className="text-xs text-ink-3">{t("flow.compensateHelp")}</p>
              <ActionList
                doc={doc}
                place={`compensate:${node.id}`}
                label={t("flow.compensate")}
                node={node.id}
                actions={node.compensate ?? []}
                onChange={(next, typing) =>
                  run(t("did.edit"), (d) => setNode(d, node.id, { compensate: next.length ? next : undefined }), typing)
                }
              />
            </At>
          </Part>
        </>
      )}
    </>
  );
}
