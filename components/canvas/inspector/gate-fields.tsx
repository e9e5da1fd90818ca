"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import type { EditorState } from "../use-editor.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { isKey, Strict } from "./text-field.tsx";
import { useConfig } from "./use-config.tsx";

/** For how many branches a join waits, in plain words. */
export function JoinFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { at, set, text } = useConfig(editor, node);
  const mode = text("mode") || "all";
  const incoming = editor.doc.edges.filter((e) => e.to === node.id).length;
  const alone = node.config.count === 1;
  return (
    <>
      {at(
        "mode",
        <Choice
          label={t("flow.joinMode")}
          value={mode}
          options={(["all", "taken", "n_of_m"] as const).map((k) => [k, t(`flow.joinModes.${k}`)])}
          help={
            mode === "taken" || mode === "n_of_m" || mode === "all"
              ? t(`flow.joinHelp.${mode}`, { m: incoming })
              : t("joinHelp")
          }
          onChange={(v) =>
            set(
              v === "n_of_m"
                ? { mode: v, count: Math.max(1, incoming - 1), cancelRest: incoming <= 2 || undefined }
                : { mode: v, count: undefined, cancelRest: undefined },
            )
          }
        />,
      )}
      {mode === "n_of_m" && (
        <>
          {at(
            "count",
            <Strict
              label={t("flow.count", { m: incoming })}
              value={node.config.count === undefined ? "" : String(node.config.count)}
              accept={(v) => /^[1-9]\d?$/.test(v)}
              wrong={t("wrong.number")}
              onChange={(v) => set({ count: Number(v), ...(Number(v) === 1 && { cancelRest: true }) }, "count")}
            />,
          )}
          {at(
            "cancelRest",
            <Check
              label={t("flow.cancelRest")}
              checked={node.config.cancelRest === true}
              onChange={(on) => set({ cancelRest: on || alone })}
            />,
          )}
          <p className="text-xs text-ink-3">{alone ? t("flow.cancelRestAlone") : t("flow.cancelRestHelp")}</p>
        </>
      )}
    </>
  );
}

const reachedBy = ["connection", "condition", "event"] as const;
type ReachedBy = (typeof reachedBy)[number];

/** What an end counts as, whether it is a goal, and what else ends with it. */
export function EndFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { set, text, choice, condition, event, at } = useConfig(editor, node);
  const { config } = node;
  const drawn: ReachedBy = text("goal") ? "condition" : text("goalEvent") ? "event" : "connection";
  const [asked, setAsked] = useState<ReachedBy>(drawn);
  const reached = drawn === "connection" ? asked : drawn;
  const ending = text("error") ? "error" : config.terminate === true ? "terminate" : "plain";
  return (
    <>
      {choice(
        "outcome",
        t("outcome"),
        (["success", "neutral", "negative"] as const).map((k) => [k, t(`outcomes.${k}`)]),
        "neutral",
      )}
      {at(
        "terminate",
        <Choice
          label={t("flow.ending")}
          value={ending}
          options={(["plain", "terminate", "error"] as const).map((k) => [k, t(`flow.endings.${k}`)])}
          help={t(`flow.endingHelp.${ending}`)}
          onChange={(v) =>
            set({ terminate: v === "terminate", error: v === "error" ? text("error") || "error" : undefined })
          }
        />,
      )}
      {ending === "error" &&
        at(
          "error",
          <Strict
            label={t("flow.code")}
            value={text("error")}
            accept={isKey}
            wrong={t("wrong.key")}
            onChange={(error) => set({ error }, "error")}
          />,
        )}
      {!node.in && ending !== "error" && (
        <>
          <Choice
            label={t("flow.reachedBy")}
            value={reached}
            options={reachedBy.map((k) => [k, t(`flow.reached.${k}`)])}
            help={reached === "connection" ? t("flow.reachedHelp") : t("flow.goalHelp")}
            onChange={(v) => {
              setAsked(reachedBy.find((k) => k === v) ?? "connection");
              set({ goal: undefined, goalEvent: undefined });
            }}
          />
          {reached === "condition" && condition("goal", t("flow.goal"))}
          {reached === "event" && event("goalEvent", t("flow.goalEvent"))}
        </>
      )}
    </>
  );
}
