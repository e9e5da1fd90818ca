"use client";
import { useTranslations } from "use-intl";
import type { Process, ProcessNode } from "@/server/engine/process.ts";
import { bodyOf } from "../../process/nesting.ts";
import { setNode, withBody } from "../document.ts";
import { emptied, makeRoom } from "../nest.ts";
import type { EditorState } from "../use-editor.ts";
import { filled } from "./as-key.ts";
import { Choice } from "./choice.tsx";
import { isKey, Strict } from "./text-field.tsx";
import { useConfig } from "./use-config.tsx";

/** For each of what, in which order, until when, and what is kept of it. */
export function LoopFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { at, set, text, choice, condition, feel, mapping, choices } = useConfig(editor, node);
  const { doc } = editor;
  const over = text("over") || "list";
  return (
    <>
      {choice(
        "over",
        t("flow.over"),
        [
          ["list", t("flow.overList")],
          ["records", t("flow.overRecords")],
        ],
        "list",
      )}
      {over === "list" ? (
        feel("list", t("flow.list"), t("flow.listHelp"))
      ) : (
        <>
          {choice(
            "records",
            t("flow.records"),
            [["", t("notSet")], ...choices.types.map((c) => [c.key, c.label] as const)],
            "",
            t("flow.recordsHelp"),
          )}
          {choice("of", t("flow.of"), [
            ["", t("relatedRecordItself")],
            ...Object.keys(doc.related).map((k) => [k, k] as const),
          ])}
        </>
      )}
      {at(
        "as",
        <Strict
          label={t("flow.as")}
          help={t("flow.asHelp", { name: text("as") || "item" })}
          value={text("as") || "item"}
          accept={isKey}
          wrong={t("wrong.key")}
          onChange={(as) => set({ as }, "as")}
        />,
      )}
      {choice(
        "mode",
        t("flow.mode"),
        [
          ["parallel", t("flow.allAtOnce")],
          ["sequential", t("flow.oneByOne")],
        ],
        "parallel",
      )}
      {condition("completeWhen", t("flow.completeWhen"))}
      <p className="text-xs text-ink-3">{t("flow.completeWhenHelp")}</p>
      {mapping("output", {
        label: t("flow.keepOfLoop"),
        help: t("flow.keepOfLoopHelp"),
        add: t("flow.keepIn"),
        begin: "loop.success",
      })}
    </>
  );
}

/** Another process that is called, or the steps drawn inside this one. */
export function CallFields({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { set, change, text, choice, mapping, choices, at } = useConfig(editor, node);
  const { doc } = editor;
  const { config } = node;
  const inline = config.inline === true;
  const called = choices.processes.find((p) => p.key === config.process);
  return (
    <>
      {at(
        "inline",
        <Choice
          label={t("flow.how")}
          value={inline ? "inline" : "called"}
          options={[
            ["called", t("flow.called")],
            ["inline", t("flow.inline")],
          ]}
          help={inline ? t("flow.inlineHelp", { n: bodyOf(doc, node.id).length }) : t("flow.calledHelp")}
          onChange={(v) => change((d) => (v === "inline" ? drawnInside(d, node) : calledInstead(d, node)))}
        />,
      )}
      {!inline && (
        <>
          {choice("process", t("calls"), [
            ["", t("notSet")],
            ...choices.processes.filter((p) => p.key !== doc.key).map((p) => [p.key, p.name] as const),
          ])}
          {at(
            "version",
            <Choice
              label={t("flow.version")}
              value={config.version === undefined ? "" : String(config.version)}
              options={[
                ["", t("flow.liveVersion")],
                ...(called?.versions ?? []).map((v) => [String(v), t("versionNumber", { version: v })] as const),
              ]}
              help={t("flow.versionHelp")}
              onChange={(v) => set({ version: v ? Number(v) : undefined })}
            />,
          )}
          {choice(
            "record",
            t("callsFor"),
            [
              ["same", t("sameRecord")],
              ["related", t("relatedRecord")],
            ],
            "same",
          )}
          {mapping("input", {
            label: t("flow.given"),
            help: t("flow.givenHelp"),
            add: t("flow.giveTo"),
            begin: "null",
            names: called?.variables ?? [],
          })}
          {mapping("output", {
            label: t("flow.keepOfChild"),
            help: t("flow.keepOfChildHelp"),
            add: t("flow.keepIn"),
            begin: text("process") ? "child.outcome" : "null",
          })}
        </>
      )}
    </>
  );
}

/** The steps of this process, drawn inside: a first one and an end to begin with. */
function drawnInside(doc: Process, node: ProcessNode): Process {
  const next = setNode(doc, node.id, { config: { process: "", record: "same", inline: true } });
  return makeRoom(doc, withBody(next, node.id), node.id);
}

/** Another process in place of the steps inside, which go. */
const calledInstead = (doc: Process, node: ProcessNode): Process =>
  setNode(emptied(doc, node.id), node.id, { config: filled({ ...node.config, inline: undefined }) });
