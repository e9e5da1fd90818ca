"use client";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/checks/problems.ts";
import { isStep, type Process, type ProcessNode, type StepKindId } from "@/server/engine/process.ts";
import { cn } from "../../ui/cn.ts";
import { isOwner, withInsides } from "../../process/nesting.ts";
import { putInside, setNode } from "../document.ts";
import { stepName } from "../map-model.ts";
import { SampleProvider } from "../sample.tsx";
import { KindIcon, tile } from "../step-frame.tsx";
import type { EditorState } from "../use-editor.ts";
import { At, controlOf } from "./at.tsx";
import { CalendarPanel } from "./calendar-panel.tsx";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { DataPanel } from "./data-panel.tsx";
import { EdgeFields } from "./edge-fields.tsx";
import { KpiList } from "./kpi-list.tsx";
import { Part } from "./part.tsx";
import { PeoplePanel } from "./people-panel.tsx";
import { ProcessPanel } from "./process-panel.tsx";
import { TabDo } from "./tab-do.tsx";
import { TabDone } from "./tab-done.tsx";
import { SlaPanel, TabSla } from "./tab-sla.tsx";
import { Text } from "./text-field.tsx";

const processTabs = ["process", "people", "time", "data", "kpis"] as const;
type Tab = "do" | "done" | "sla" | "kpis" | "notes" | (typeof processTabs)[number];

const tabsOf = (kind: StepKindId): Tab[] =>
  isStep(kind)
    ? ["do", "done", "sla", "kpis", "notes"]
    : kind === "start"
      ? ["do", "done", "notes"]
      : kind === "end"
        ? ["do", "notes"]
        : kind === "join"
          ? ["do", "done", "notes"]
          : ["done", "notes"];

/** Which tab a problem belongs to. */
function tabOf(problem: Problem): Tab {
  const field = problem.field ?? "";
  if (
    problem.edge ||
    ["NO_EXIT", "DEAD_END", "NO_OTHERWISE", "TWO_OTHERWISE", "TWO_EDGES", "UNKNOWN_PORT"].includes(problem.code)
  )
    return "done";
  if (/^(boundary|onComplete|compensate)/.test(field)) return "done";
  if (field === "in" || field === "multiMerge" || field === "note") return "notes";
  if (field.startsWith("slas")) return "sla";
  if (field.startsWith("kpis")) return "kpis";
  return "do";
}
function processTabOf(problem: Problem): Tab {
  const field = problem.field ?? "";
  return /^(roles|queues)/.test(field)
    ? "people"
    : /^(calendars|slas)/.test(field)
      ? "time"
      : /^(variables|decisionTables)/.test(field)
        ? "data"
        : /^kpis/.test(field)
          ? "kpis"
          : "process";
}

/** Everything of the selected step or connection, or of the process when nothing is; nothing is reachable by file only. */
export function Inspector({
  editor,
  connecting,
  focusing,
  onClose,
}: {
  editor: EditorState;
  /** Counts up each time a connection is asked for by key. */
  connecting: number;
  /** Counts up each time the inspector is asked to take the focus. */
  focusing: number;
  onClose: () => void;
}) {
  const t = useTranslations("editor");
  const { doc, selected, run } = editor;
  const node = doc.nodes.find((n) => n.id === selected);
  const edge = doc.edges.find((e) => e.id === selected);
  const many = editor.chosen.length > 1;
  const tabs: Tab[] = node ? tabsOf(node.kind) : edge ? [] : [...processTabs];
  const [wanted, setWanted] = useState<Tab>("do");
  const tab = tabs.includes(wanted) ? wanted : tabs[0];
  const own = node
    ? editor.problems.filter((p) => p.node === node.id)
    : edge
      ? editor.problems.filter((p) => p.edge === edge.id)
      : editor.problems.filter((p) => !p.node && !p.edge);
  const place = node ? tabOf : processTabOf;
  const shown = tabs.length ? own.filter((p) => place(p) === tab) : own;
  const title = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focusing) title.current?.focus();
  }, [focusing]);
  // A problem was gone to: its tab comes up, and the control it is about takes the focus.
  const { asked: problem } = editor;
  const [gone, setGone] = useState(problem);
  if (problem !== gone) {
    setGone(problem);
    if (problem) setWanted(problem.node && !problem.edge ? tabOf(problem) : processTabOf(problem));
  }
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const control = problem?.field && panel.current ? controlOf(panel.current, problem.field) : null;
    control?.scrollIntoView({ block: "center" });
    control?.focus({ preventScroll: true });
  }, [problem]);
  // Asked to connect: the tab with the list of steps comes up.
  const [asked, setAsked] = useState(connecting);
  if (connecting !== asked) {
    setAsked(connecting);
    setWanted("done");
  }
  return (
    <SampleProvider doc={doc}>
      <aside
        aria-label={t("inspector")}
        className="grid min-h-0 grid-rows-[auto_auto_minmax(0,1fr)] border-line bg-surface lg:border-l"
      >
        <header className="flex items-start gap-x-3 px-4 pt-3">
          {node && (
            <span className={cn("grid size-9 place-items-center rounded-md", tile[node.kind])}>
              <KindIcon kind={node.kind} className="size-4" />
            </span>
          )}
          <div className="grid min-w-0 flex-1">
            {node || !edge ? (
              <input
                ref={title}
                aria-label={t("name")}
                placeholder={node ? t("unnamed") : t("process")}
                maxLength={200}
                className="-mx-1.5 h-7 rounded-sm bg-transparent px-1.5 text-base font-semibold placeholder:text-ink-3 hover:bg-sunken"
                value={node ? node.name : doc.name}
                onChange={(e) =>
                  node
                    ? run(
                        t("did.rename", { name: e.target.value || t(`kinds.${node.kind}`) }),
                        (d) => setNode(d, node.id, { name: e.target.value }),
                        `name:${node.id}`,
                      )
                    : run(
                        t("did.rename", { name: e.target.value }),
                        (d) => ({ ...d, name: e.target.value || d.name }),
                        "process:name",
                      )
                }
              />
            ) : (
              <h2 className="text-base font-semibold">{t("connection")}</h2>
            )}
            <p className="truncate text-xs text-ink-3">
              {node ? under(doc, node.id, t) : edge ? ends(doc, edge.id) : t("process")}
            </p>
          </div>
          {/* The process itself is what the panel shows when nothing is chosen; on a phone it lies over the map. */}
          <button
            type="button"
            aria-label={t("closeInspector")}
            title={`${t("closeInspector")} (Esc)`}
            className={cn(
              "grid size-7 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink",
              !node && !edge && "lg:hidden",
            )}
            onClick={onClose}
          >
            <X aria-hidden className="size-4" />
          </button>
        </header>
        {tabs.length > 0 ? (
          <div role="tablist" aria-label={t("inspector")} className="mt-2 flex gap-4 border-b border-line px-4">
            {tabs.map((one, i) => {
              const bad = own.filter((p) => place(p) === one);
              return (
                <button
                  key={one}
                  type="button"
                  role="tab"
                  id={`tab-${one}`}
                  aria-selected={one === tab}
                  aria-controls="inspector-tab"
                  tabIndex={one === tab ? 0 : -1}
                  onClick={() => setWanted(one)}
                  onKeyDown={(e) => {
                    const by = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
                    const next = tabs[(i + by + tabs.length) % tabs.length];
                    if (!by || !next) return;
                    e.preventDefault();
                    e.stopPropagation();
                    setWanted(next);
                    document.getElementById(`tab-${next}`)?.focus();
                  }}
                  className={cn(
                    "relative -mb-px h-9 border-b-2 border-transparent text-sm font-medium text-ink-2 hover:text-ink",
                    one === tab && "border-accent text-ink",
                  )}
                >
                  {t(`tabs.${one}`)}
                  {bad.length > 0 && (
                    <span
                      title={t("problemCount", { n: bad.length })}
                      className={cn(
                        "absolute top-2 -right-2 size-1.5 rounded-full",
                        bad.some((p) => p.severity === "error") ? "bg-breach-solid" : "bg-risk-solid",
                      )}
                    >
                      <span className="sr-only">{t("problemCount", { n: bad.length })}</span>
                    </span>
                  )}
                </button>
              );
            })}
          </div>
        ) : (
          <div className="mt-2 border-b border-line" />
        )}
        <div
          id="inspector-tab"
          ref={panel}
          {...(tab && { role: "tabpanel", "aria-labelledby": `tab-${tab}` })}
          className="min-h-0 overflow-auto px-4 py-4"
          key={selected ?? "process"}
        >
          <div className="grid gap-4">
            {many && (
              <p className="rounded-md bg-info-bg px-3 py-2 text-sm text-info">
                {t("manyChosen", { n: editor.chosen.length })}
              </p>
            )}
            {shown.map((p, i) => (
              <p
                key={p.code + p.text + i}
                className={cn(
                  "rounded-md px-3 py-2 text-sm",
                  p.severity === "error" ? "bg-breach-bg text-breach" : "bg-risk-bg text-risk",
                )}
              >
                {p.text}
              </p>
            ))}
            {edge && <EdgeFields editor={editor} edge={edge} />}
            {node && tab === "do" && <TabDo editor={editor} node={node} />}
            {node && tab === "done" && <TabDone editor={editor} node={node} connecting={connecting} />}
            {node && tab === "sla" && <TabSla editor={editor} node={node} />}
            {node && tab === "kpis" && <KpiList editor={editor} node={node.id} />}
            {node && tab === "notes" && (
              <>
                <Text
                  label={t("ownNote")}
                  long
                  max={4000}
                  value={node.note ?? ""}
                  onChange={(v) =>
                    run(t("did.edit"), (d) => setNode(d, node.id, { note: v || undefined }), `note:${node.id}`)
                  }
                />
                {node.kind !== "start" && <Around editor={editor} node={node} />}
                {doc.groups.length > 0 && (
                  <Choice
                    label={t("group")}
                    value={node.group ?? ""}
                    options={[["", t("notSet")], ...doc.groups.map((g) => [g.id, g.name] as const)]}
                    onChange={(v) => run(t("did.edit"), (d) => setNode(d, node.id, { group: v || undefined }))}
                  />
                )}
                <p className="text-xs text-ink-3">{t("stepKey", { id: node.id })}</p>
              </>
            )}
            {!node && !edge && (
              <>
                {tab === "process" && <ProcessPanel editor={editor} />}
                {tab === "people" && <PeoplePanel editor={editor} />}
                {tab === "time" && (
                  <>
                    <Part title={t("calendars")} count={Object.keys(doc.calendars).length}>
                      <CalendarPanel editor={editor} />
                    </Part>
                    <Part title={t("slas")} count={Object.keys(doc.slas).length}>
                      <SlaPanel editor={editor} />
                    </Part>
                  </>
                )}
                {tab === "data" && <DataPanel editor={editor} />}
                {tab === "kpis" && <KpiList editor={editor} node={null} />}
                {tab === "process" && <p className="text-xs text-ink-3">{t("selectHint")}</p>}
              </>
            )}
          </div>
        </div>
      </aside>
    </SampleProvider>
  );
}

/** The frame a step stands in, and whether several may come to it one after the other. */
function Around({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const own = withInsides(doc, [node.id]);
  const owners = doc.nodes.filter((n) => isOwner(n) && !own.includes(n.id));
  return (
    <>
      {(owners.length > 0 || node.in) && (
        <At field="in">
          <Choice
            label={t("flow.standsIn")}
            help={t("flow.standsInHelp")}
            value={node.in ?? ""}
            options={[["", t("flow.noFrame")], ...owners.map((n) => [n.id, stepName(doc, n.id, t)] as const)]}
            onChange={(v) =>
              run(
                v
                  ? t("flow.movedInto", { name: stepName(doc, v, t) })
                  : t("flow.movedOut", { name: stepName(doc, node.in ?? "", t) }),
                (d) => putInside(d, node.id, v || null),
              )
            }
          />
        </At>
      )}
      <At field="multiMerge">
        <Check
          label={t("flow.multiMerge")}
          checked={node.multiMerge === true}
          onChange={(on) => run(t("did.edit"), (d) => setNode(d, node.id, { multiMerge: on || undefined }))}
        />
        <p className="text-xs text-ink-3">{t("flow.multiMergeHelp")}</p>
      </At>
    </>
  );
}

function under(doc: Process, id: string, t: ReturnType<typeof useTranslations<"editor">>): string {
  const node = doc.nodes.find((n) => n.id === id);
  if (!node) return "";
  return [t(`kinds.${node.kind}`), node.role && (doc.roles[node.role]?.name ?? node.role)].filter(Boolean).join(" · ");
}

function ends(doc: Process, id: string): string {
  const edge = doc.edges.find((e) => e.id === id);
  const name = (node: string | undefined) => doc.nodes.find((n) => n.id === node)?.name || node || "";
  return edge ? `${name(edge.from)} → ${name(edge.to)}` : "";
}
