"use client";
import { useTranslations } from "use-intl";
import { isStep, type Process, type Sla } from "@/server/engine/process.ts";
import { useChoices, useNamedFields } from "../choices.tsx";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { Part } from "./part.tsx";
import { Text } from "./text-field.tsx";

const startEvents = [
  "step.entered",
  "work_item.assigned",
  "work_item.claimed",
  "work_item.started",
  "handoff.submitted",
  "handoff.accepted",
  "run.started",
];
const stopEvents = [
  "step.completed",
  "work_item.assigned",
  "work_item.claimed",
  "work_item.started",
  "work_item.completed",
  "handoff.accepted",
  "handoff.rejected",
  "run.completed",
];

type Put = (change: Partial<Sla>, typing?: string | null) => void;

/** The six conditions of a clock, each as an event, a condition or both: start, stop, pause, resume, reset, cancel. */
export function SlaConditions({ doc, sla, put }: { doc: Process; sla: Sla; put: Put }) {
  const t = useTranslations("editor");
  const { events } = useChoices();
  const dates = useNamedFields(doc, t("answers")).filter(({ kind }) => kind === "date" || kind === "datetime");
  const steps = doc.nodes
    .filter((node) => isStep(node.kind))
    .map((node): [string, string] => [node.id, node.name || node.id]);
  const anyStep: [string, string][] = [["", t("slaOwnStep")], ...steps];
  const event = (
    label: string,
    key: "starts" | "stops" | "pauses" | "resumes" | "resets" | "cancels",
    known: string[],
    otherwise?: string,
  ) => (
    <Text
      label={label}
      mono
      max={80}
      value={sla[key] ?? ""}
      suggestions={[...known, ...events]}
      onChange={(v) => put({ [key]: v || otherwise }, key)}
    />
  );
  const condition = (
    label: string,
    key: "startWhen" | "appliesWhen" | "stopWhen" | "pauseWhen" | "resumeWhen" | "resetWhen" | "cancelWhen",
  ) => (
    <ConditionField
      doc={doc}
      label={label}
      value={sla[key] ?? ""}
      onChange={(v) => put({ [key]: v || undefined }, key)}
    />
  );
  const set = (...values: unknown[]) => values.filter(Boolean).length;
  const paused = set(sla.pauses, sla.pauseWhen, sla.resumes, sla.resumeWhen);
  return (
    <>
      <Part
        title={t("slaStart")}
        count={set(sla.startStep, sla.startWhen, sla.appliesWhen, sla.startFrom, sla.reopens)}
        open={false}
      >
        {event(t("slaStarts"), "starts", startEvents, "step.entered")}
        <Choice
          label={t("slaStartStep")}
          value={sla.startStep ?? ""}
          options={anyStep}
          onChange={(v) => put({ startStep: v || undefined })}
        />
        {condition(t("appliesWhen"), "appliesWhen")}
        {condition(t("slaStartWhen"), "startWhen")}
        <Text
          label={t("slaStartFrom")}
          help={t("slaStartFromHelp")}
          mono
          max={130}
          value={sla.startFrom ?? ""}
          suggestions={dates.map(({ name }) => name)}
          onChange={(v) => put({ startFrom: v || undefined }, "startFrom")}
        />
        <Choice
          label={t("slaLateAttach")}
          value={sla.lateAttach ?? "fire"}
          options={[
            ["fire", t("slaLate.fire")],
            ["suppress", t("slaLate.suppress")],
          ]}
          onChange={(v) => put({ lateAttach: v === "suppress" ? "suppress" : undefined })}
        />
        <Check
          label={t("slaReopens")}
          checked={sla.reopens === true}
          onChange={(on) => put({ reopens: on || undefined })}
        />
      </Part>
      <Part title={t("slaStop")} count={set(sla.stopStep, sla.stopWhen)} open={false}>
        {event(t("slaStops"), "stops", stopEvents, "step.completed")}
        <Choice
          label={t("slaStopStep")}
          value={sla.stopStep ?? ""}
          options={anyStep}
          onChange={(v) => put({ stopStep: v || undefined })}
        />
        {condition(t("slaStopWhen"), "stopWhen")}
      </Part>
      <Part title={t("slaPause")} count={paused} open={paused > 0}>
        {condition(t("pauseWhen"), "pauseWhen")}
        {event(t("slaPauses"), "pauses", ["step.paused"])}
        <Choice
          label={t("slaResume")}
          value={sla.resume ?? "pause_no_longer_holds"}
          options={[
            ["pause_no_longer_holds", t("slaResumeBy.pause_no_longer_holds")],
            ["resume_matches", t("slaResumeBy.resume_matches")],
          ]}
          onChange={(v) => put({ resume: v === "resume_matches" ? "resume_matches" : undefined })}
        />
        {event(t("slaResumes"), "resumes", ["step.resumed"])}
        {condition(t("slaResumeWhen"), "resumeWhen")}
        <Check
          label={t("slaRetroPause")}
          checked={sla.retroPause === true}
          onChange={(on) => put({ retroPause: on || undefined })}
        />
      </Part>
      <Part title={t("slaReset")} count={set(sla.resets, sla.resetWhen)} open={false}>
        <p className="text-xs text-ink-3">{t("slaResetHelp")}</p>
        {event(t("slaResets"), "resets", [])}
        {condition(t("slaResetWhen"), "resetWhen")}
        <Check
          label={t("slaResetFirst")}
          checked={sla.resetBeforeStop === true}
          onChange={(on) => put({ resetBeforeStop: on || undefined })}
        />
      </Part>
      <Part title={t("slaCancel")} count={set(sla.cancel, sla.cancels, sla.cancelWhen)} open={false}>
        <Choice
          label={t("slaCancelled")}
          value={sla.cancel ?? "start_no_longer_holds"}
          options={[
            ["start_no_longer_holds", t("slaCancelBy.start_no_longer_holds")],
            ["cancel_matches", t("slaCancelBy.cancel_matches")],
            ["never", t("slaCancelBy.never")],
          ]}
          onChange={(v) => put({ cancel: v === "cancel_matches" || v === "never" ? v : undefined })}
        />
        {(sla.cancel === "cancel_matches" || sla.cancels || sla.cancelWhen) && (
          <>
            {event(t("slaCancels"), "cancels", ["run.cancelled"])}
            {condition(t("slaCancelWhen"), "cancelWhen")}
          </>
        )}
      </Part>
    </>
  );
}
