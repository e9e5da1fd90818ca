"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Boundary, ProcessNode } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { useChoices } from "../choices.tsx";
import { freeId, setNode } from "../document.ts";
import { exitName } from "../map-model.ts";
import { markIcons } from "../signs.tsx";
import type { EditorState } from "../use-editor.ts";
import { Mover } from "./action-list.tsx";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { ConditionField } from "./condition-field.tsx";
import { FeelField } from "./feel-field.tsx";
import { Item } from "./part.tsx";
import { isKey, isShort, Strict, Text } from "./text-field.tsx";

const kinds = ["timer", "error", "message", "record_changed"] as const;

/** What may happen while the step is open, each with an exit of its own. */
export function BoundaryList({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const all = node.boundary ?? [];
  const put = (next: Boundary[], typing: string | null = null) =>
    run(
      t("did.edit"),
      (d) => setNode(d, node.id, { boundary: next.length ? next : undefined }),
      typing && `boundary:${node.id}:${typing}`,
    );
  const swap = (i: number, by: number) => {
    const next = [...all];
    const [one] = next.splice(i, 1);
    if (one) next.splice(i + by, 0, one);
    put(next);
  };
  return (
    <fieldset className="grid gap-2" aria-label={t("flow.boundary")} data-field="boundary">
      <p className="text-xs text-ink-3">{t("flow.boundaryHelp")}</p>
      {all.map((one, i) => {
        const Icon = markIcons[one.kind];
        const change = (next: Boundary, typing: string | null = null) =>
          put(
            all.map((b, j) => (j === i ? next : b)),
            typing && `${i}:${typing}`,
          );
        return (
          <Item
            key={i}
            title={
              <span className="flex items-center gap-1.5">
                <Icon aria-hidden className="size-3.5 shrink-0" />
                <span className="truncate">{`${t(`flow.boundaries.${one.kind}`)}: ${exitName(doc, node, one.id, t)}`}</span>
              </span>
            }
            remove={t("flow.removeBoundary", { name: exitName(doc, node, one.id, t) })}
            onRemove={() =>
              run(t("did.edit"), (d) => {
                const left = all.filter((_, j) => j !== i);
                // The connection that left by it goes too.
                const next = setNode(d, node.id, { boundary: left.length ? left : undefined });
                return { ...next, edges: next.edges.filter((e) => e.from !== node.id || e.port !== one.id) };
              })
            }
          >
            <BoundaryFields editor={editor} one={one} onChange={change} />
            <div className="flex items-end gap-1 [&>button]:mb-1.5">
              <div className="min-w-0 flex-1">
                <Strict
                  label={t("exitKey")}
                  value={one.id}
                  accept={(v) => isKey(v) && !all.some((b, j) => j !== i && b.id === v)}
                  wrong={t("wrong.key")}
                  onChange={(id) =>
                    run(
                      t("did.edit"),
                      (d) => {
                        const next = setNode(d, node.id, { boundary: all.map((b, j) => (j === i ? { ...b, id } : b)) });
                        // The connection that leaves by this exit follows its name.
                        return {
                          ...next,
                          edges: next.edges.map((e) =>
                            e.from === node.id && e.port === one.id ? { ...e, port: id } : e,
                          ),
                        };
                      },
                      `boundary:${node.id}:${i}:id`,
                    )
                  }
                />
              </div>
              {all.length > 1 && (
                <>
                  <Mover label={t("earlier")} icon={ArrowUp} disabled={i === 0} onClick={() => swap(i, -1)} />
                  <Mover
                    label={t("later")}
                    icon={ArrowDown}
                    disabled={i === all.length - 1}
                    onClick={() => swap(i, 1)}
                  />
                </>
              )}
            </div>
          </Item>
        );
      })}
      {all.length < 10 && (
        <select
          className={inputLook}
          aria-label={t("flow.addBoundary")}
          value=""
          onChange={(e) => {
            const kind = kinds.find((k) => k === e.target.value);
            if (kind)
              put([
                ...all,
                begun(
                  kind,
                  freeId(
                    all.map((b) => b.id),
                    kind === "record_changed" ? "changed" : kind,
                  ),
                ),
              ]);
          }}
        >
          <option value="">{t("flow.addBoundary")}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`flow.boundaries.${kind}`)}
            </option>
          ))}
        </select>
      )}
    </fieldset>
  );
}

function begun(kind: Boundary["kind"], id: string): Boundary {
  switch (kind) {
    case "timer":
      return { id, kind, after: "1d", interrupting: true };
    case "error":
      return { id, kind };
    case "message":
      return { id, kind, event: "event.name", interrupting: true };
    case "record_changed":
      return { id, kind, interrupting: true };
    default:
      return kind satisfies never;
  }
}

/** Without what is empty: an entry is there or it is not. */
function whole<T extends Boundary>(boundary: T): T {
  return Object.fromEntries(Object.entries(boundary).filter(([, v]) => v !== undefined && v !== "")) as T;
}

function BoundaryFields({
  editor,
  one,
  onChange,
}: {
  editor: EditorState;
  one: Boundary;
  onChange: (next: Boundary, typing?: string | null) => void;
}) {
  const t = useTranslations("editor");
  const { doc } = editor;
  const choices = useChoices();
  const interrupts = one.kind !== "error" && (
    <Check
      label={t("interrupting")}
      checked={one.interrupting}
      onChange={(interrupting) =>
        onChange(
          whole({
            ...one,
            interrupting,
            ...(interrupting && one.kind === "timer" && { repeat: undefined }),
          } as Boundary),
        )
      }
    />
  );
  switch (one.kind) {
    case "timer":
      return (
        <>
          <Strict
            label={t("timerAfter")}
            help={t("targetHelp")}
            value={one.after}
            accept={isShort}
            wrong={t("wrong.duration")}
            onChange={(after) => onChange({ ...one, after }, "after")}
          />
          <Choice
            label={t("calendar")}
            value={one.calendar ?? ""}
            options={[
              ["", t("noCalendar")],
              ...Object.entries(doc.calendars).map(([k, c]) => [k, c.name ?? k] as const),
            ]}
            onChange={(v) => onChange(whole({ ...one, calendar: v || undefined }))}
          />
          {interrupts}
          {!one.interrupting && (
            <Check
              label={t("repeats")}
              checked={one.repeat === true}
              onChange={(on) => onChange(whole({ ...one, repeat: on || undefined }))}
            />
          )}
        </>
      );
    case "error":
      return (
        <Strict
          label={t("flow.code")}
          help={t("flow.codeHelp")}
          value={one.code ?? ""}
          accept={(v) => v === "" || isKey(v)}
          wrong={t("wrong.key")}
          suggestions={thrown(editor)}
          onChange={(code) => onChange(whole({ ...one, code: code || undefined }), "code")}
        />
      );
    case "message":
      return (
        <>
          <Text
            label={t("event")}
            mono
            max={80}
            value={one.event}
            suggestions={choices.events}
            onChange={(event) => event && onChange({ ...one, event }, "event")}
          />
          <FeelField
            doc={doc}
            label={t("flow.correlate")}
            help={t("flow.correlateHelp")}
            value={one.correlate ?? ""}
            onChange={(correlate) => onChange(whole({ ...one, correlate }), "correlate")}
          />
          {interrupts}
        </>
      );
    case "record_changed":
      return (
        <>
          <ConditionField
            doc={doc}
            label={t("flow.changedWhen")}
            value={one.when ?? ""}
            onChange={(when) => onChange(whole({ ...one, when }), "when")}
          />
          <p className="text-xs text-ink-3">{t("flow.changedHelp")}</p>
          {interrupts}
        </>
      );
    default:
      return one satisfies never;
  }
}

/** Error codes that something in this process ends or stops with. */
const thrown = ({ doc }: EditorState): string[] => [
  ...new Set(
    doc.nodes.flatMap((n) => [
      ...(typeof n.config.error === "string" ? [n.config.error] : []),
      ...[...(n.actions ?? []), ...(n.onComplete ?? [])].flatMap((a) => (a.verb === "throw" ? [a.code] : [])),
    ]),
  ),
];
