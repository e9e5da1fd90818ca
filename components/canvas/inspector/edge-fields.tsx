"use client";
import { useTranslations } from "use-intl";
import type { ProcessEdge } from "@/server/engine/process.ts";
import { crossesBorder, reconnect, setEdge, setOtherwise } from "../document.ts";
import { chooses, exitsOf } from "../exits.ts";
import { exitName, stepName } from "../map-model.ts";
import { portOf } from "@/server/engine/step.ts";
import type { EditorState } from "../use-editor.ts";
import { At } from "./at.tsx";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { Strict, Text } from "./text-field.tsx";

/** Everything of a connection: its words, when it is taken, where from and where to. */
export function EdgeFields({ editor, edge }: { editor: EditorState; edge: ProcessEdge }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const from = doc.nodes.find((n) => n.id === edge.from);
  const exits = from ? exitsOf(doc, from) : [];
  const set = (change: Partial<ProcessEdge>, typing: string | null = null) =>
    run(t("did.edit"), (d) => setEdge(d, edge.id, change), typing);
  const steps = doc.nodes.map((n) => [n.id, stepName(doc, n.id, t)] as const);
  return (
    <>
      <Text
        label={t("label")}
        value={edge.label ?? ""}
        onChange={(v) => set({ label: v || undefined }, `label:${edge.id}`)}
      />
      {!edge.otherwise && (
        <ConditionField
          doc={doc}
          label={t("condition.title")}
          value={edge.when ?? ""}
          onChange={(v) => set({ when: v || undefined }, `when:${edge.id}`)}
        />
      )}
      {chooses(from) && (
        <Check
          label={t("isOtherwise")}
          checked={edge.otherwise === true}
          onChange={(on) =>
            run(t("did.condition"), (d) =>
              on ? setOtherwise(d, edge.id) : setEdge(d, edge.id, { otherwise: undefined }),
            )
          }
        />
      )}
      {from && exits.length > 1 && (
        <Choice
          label={t("exit.title")}
          value={portOf(edge)}
          options={exits.map((x) => [x.port, exitName(doc, from, x.port, t)] as const)}
          onChange={(v) => set({ port: v === "done" ? undefined : v })}
        />
      )}
      <Choice
        label={t("from")}
        value={edge.from}
        options={steps.filter(
          ([id]) => doc.nodes.find((n) => n.id === id)?.kind !== "end" && !crossesBorder(doc, id, edge.to),
        )}
        onChange={(v) => run(t("did.reconnect"), (d) => reconnect(d, edge.id, v, edge.to, null))}
      />
      <Choice
        label={t("to")}
        value={edge.to}
        options={steps.filter(
          ([id]) => doc.nodes.find((n) => n.id === id)?.kind !== "start" && !crossesBorder(doc, edge.from, id),
        )}
        onChange={(v) => run(t("did.reconnect"), (d) => reconnect(d, edge.id, edge.from, v, null))}
      />
      <Check
        label={t("isRework")}
        checked={edge.rework === true}
        onChange={(on) => set({ rework: on || undefined, ...(!on && { cap: undefined }) })}
      />
      {(edge.rework || edge.cap !== undefined) && (
        <At field="cap">
          <Strict
            label={t("flow.capLabel")}
            help={t("flow.capHelp")}
            value={edge.cap === undefined ? "" : String(edge.cap)}
            accept={(v) => v === "" || (/^[1-9]\d{0,3}$/.test(v) && Number(v) <= 1000)}
            wrong={t("wrong.number")}
            onChange={(v) => set({ cap: v ? Number(v) : undefined }, `cap:${edge.id}`)}
          />
        </At>
      )}
      <Text
        label={t("handoff")}
        value={edge.handoff ?? ""}
        onChange={(v) => set({ handoff: v || undefined }, `handoff:${edge.id}`)}
      />
    </>
  );
}
