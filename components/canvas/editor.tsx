"use client";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { patiently, whenIdle } from "../ui/later.ts";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/checks/problems.ts";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { addable, AddStep } from "./add-step.tsx";
import { type Choices, ChoicesProvider } from "./choices.tsx";
import { groupSteps, moveNodes } from "./document.ts";
import { DraftNotice } from "./draft-notice.tsx";
import { EditorHeader, type View } from "./editor-header.tsx";
import { EditorMap, type MapFlow, motion } from "./editor-map.tsx";
import { placeOf, type Point } from "./geometry.ts";
import { Tray } from "./tray.tsx";
import { useEditor } from "./use-editor.ts";
import { usePlaying } from "./use-playing.ts";
import { useStepActs } from "./use-step-acts.ts";
import { useEditorKeys } from "./use-editor-keys.ts";
import { nextUnnamed, stepBeside } from "./walk.ts";

// The map comes first; what stands beside it, or opens later, comes after the first picture.
const inspector = () => import("./inspector/inspector.tsx").then((m) => ({ default: m.Inspector }));
const outline = () => import("./outline.tsx").then((m) => ({ default: m.Outline }));
const publishSheet = () => import("./publish-sheet.tsx").then((m) => ({ default: m.PublishSheet }));
const conflictDialog = () => import("./conflict-dialog.tsx").then((m) => ({ default: m.ConflictDialog }));
const playBar = () => import("./play-bar.tsx").then((m) => ({ default: m.PlayBar }));
const findBar = () => import("./find-bar.tsx").then((m) => ({ default: m.FindBar }));
const Inspector = lazy(() => patiently(inspector));
const [Outline, PublishSheet] = [lazy(() => patiently(outline)), lazy(() => patiently(publishSheet))];
const PlayBar = lazy(() => patiently(playBar));
const [ConflictDialog, FindBar] = [lazy(() => patiently(conflictDialog)), lazy(() => patiently(findBar))];

type Opened = Awaited<ReturnType<Caller["processes"]["edit"]>>;
/** Draw, look, publish. Everything can be done by key, by one click, and undone. */
export function Editor({
  opened,
  choices,
  view: asked,
  select: first,
}: {
  opened: Opened;
  choices: Choices;
  view: View | null;
  select: string | null;
}) {
  const t = useTranslations("editor");
  const router = useRouter();
  const client = useTRPCClient();
  const editor = useEditor(opened, choices);
  const { doc, chosen, selected, run, choose, select } = editor;
  const flow = useRef<MapFlow | null>(null);
  const player = usePlaying(doc);
  const acts = useStepActs(editor, flow);
  const { adding, setAdding, connecting, steps, focusStep, stayHere, actions: stable } = acts;
  const [view, setView] = useState<View>(asked ?? "map");
  const [focusing, setFocusing] = useState(0);
  const [finding, setFinding] = useState(false);
  const [publishing, setPublishing] = useState(false);
  const [settings, setSettings] = useState(false);
  const [dismissed, setDismissed] = useState<number | null>(null);

  // What may be opened is there before it is, also when the connection is gone by then.
  useEffect(
    () =>
      whenIdle(() => {
        for (const part of [outline, publishSheet, conflictDialog, findBar, playBar])
          void part().catch(() => undefined);
      }),
    [],
  );
  const isStep = (id: string | null): id is string => id !== null && doc.nodes.some((n) => n.id === id);
  const node = isStep(selected) ? selected : null;

  // On a narrow screen the outline is the way to edit; what is chosen and how it is looked at stands in the address.
  useEffect(() => {
    if (asked === null && window.matchMedia("(max-width: 767px)").matches) setView("outline");
    if (first) select(first);
    // oxlint-disable-next-line react/exhaustive-deps -- once, when it opens
  }, []);
  useEffect(() => {
    const at = new URL(window.location.href);
    if (view === "outline") at.searchParams.set("view", "outline");
    else at.searchParams.delete("view");
    if (selected) at.searchParams.set("sel", selected);
    else at.searchParams.delete("sel");
    if (at.href !== window.location.href) window.history.replaceState(window.history.state, "", at);
  }, [view, selected]);

  function go(problem: (typeof editor.problems)[number]) {
    editor.go(problem);
    if (problem.node && !problem.edge && !problem.field) focusStep(problem.node);
  }
  async function play(problem: Problem) {
    select(null);
    setView("map");
    if (!(await player.start(problem))) editor.say(t("play.cannot"));
  }
  async function discard() {
    try {
      editor.draft.stop();
      await client.processes.discard.mutate({ id: opened.id });
      toast(t("discarded"));
      router.push(`/processes/${opened.id}`);
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
  }
  function toInspector() {
    stayHere();
    setFocusing((n) => n + 1);
  }
  const focusChanged = (id: string | null) => id && focusStep(id);

  useEditorKeys({
    walk(direction, extend) {
      const next = stepBeside(doc, node, direction);
      if (!next) return;
      if (extend) choose((now) => [...now.filter((id) => id !== next), next]);
      else select(next);
      focusStep(next);
    },
    nudge(dx, dy) {
      const moved = Object.fromEntries(
        steps.map((id) => [
          id,
          shifted(
            doc.nodes.find((n) => n.id === id),
            dx,
            dy,
          ),
        ]),
      );
      if (steps.length) run(t("did.move", { n: steps.length }), (d) => moveNodes(d, moved), `nudge:${steps.join()}`);
    },
    addAfter: () => node && doc.nodes.some((n) => n.id === node && n.kind !== "end") && stable.addAfter(node),
    addInside: () => node && stable.addInside(node),
    addBefore: () => node && setAdding({ how: "before", node }),
    connect: () => node && acts.connectFrom(node),
    edit: () => selected && toInspector(),
    nextUnnamed() {
      const next = nextUnnamed(doc, node);
      if (!next) return editor.say(t("allNamed"));
      select(next);
      toInspector();
    },
    remove: () => acts.remove(chosen),
    duplicate: () => acts.duplicate(steps),
    chooseAll: () => choose(doc.nodes.map((n) => n.id)),
    undo: () => focusChanged(editor.undo()),
    redo: () => focusChanged(editor.redo()),
    group: () =>
      steps.length > 0 && run(t("did.group"), (d) => groupSteps(d, steps, t("groupNew", { n: d.groups.length + 1 }))),
    find: () => setFinding(true),
    tidy: () => void acts.tidy(),
    nextProblem() {
      const places = [...new Set(editor.problems.flatMap((p) => p.edge ?? p.node ?? []))];
      const next = places[(places.indexOf(selected ?? "") + 1) % Math.max(1, places.length)];
      const problem = editor.problems.find((p) => (p.edge ?? p.node) === next);
      if (problem) go(problem);
    },
    nextRegion,
    view: () => setView(view === "map" ? "outline" : "map"),
    zoom(how) {
      const map = flow.current;
      const duration = motion(150);
      if (how === "in") void map?.zoomIn({ duration });
      else if (how === "out") void map?.zoomOut({ duration });
      else if (how === "whole") void map?.zoomTo(1, { duration });
      else void map?.fitView({ maxZoom: 1, duration, ...(how === "chosen" && { nodes: steps.map((id) => ({ id })) }) });
    },
    leave() {
      const inInspector =
        document.activeElement?.closest("aside") !== null && document.activeElement?.closest("aside") !== undefined;
      if (inInspector && node) focusStep(node);
      else {
        choose([]);
        setSettings(false);
      }
    },
    copy: acts.copy,
    cut: acts.cut,
    paste: acts.paste,
  });

  const { frame, places } = player;
  const at = player.now?.at ?? 0;
  const picture = useMemo(() => (frame && places ? { frame, at, places } : null), [frame, at, places]);
  const kindNow = adding?.how === "kind" ? doc.nodes.find((n) => n.id === adding.node)?.kind : null;
  const after =
    adding?.how === "after"
      ? doc.nodes.find((n) => n.id === adding.node)?.kind
      : adding?.how === "on"
        ? doc.nodes.find((n) => n.id === doc.edges.find((e) => e.id === adding.edge)?.from)?.kind
        : null;
  const only = addable.filter(
    (k) => k !== kindNow && !(k === "end" && (adding?.how === "on" || adding?.how === "before")),
  );
  const running = Object.values(opened.wip).reduce((sum, n) => sum + n, 0);
  return (
    <ChoicesProvider value={choices}>
      <div className="grid h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_minmax(0,1fr)]">
        <EditorHeader
          editor={editor}
          id={opened.id}
          baseVersion={editor.draft.baseVersion}
          view={view}
          onView={setView}
          onFind={() => setFinding(true)}
          onTidy={() => void acts.tidy()}
          onSettings={() => {
            choose([]);
            setSettings(true);
          }}
          onConflict={() => setDismissed(null)}
          onDiscard={opened.liveVersion !== null && editor.draft.revision > 0 ? () => void discard() : null}
          onPublish={() => void editor.draft.saveNow().then(() => setPublishing(true))}
        />
        <DraftNotice opened={opened} editor={editor} />
        <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_360px]">
          <div className="relative grid min-h-0 min-w-0 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(20rem,1fr)_auto]">
            {view === "map" ? (
              <EditorMap
                doc={doc}
                problems={editor.problems}
                wip={opened.wip}
                changed={editor.changed}
                chosen={chosen}
                picture={picture}
                actions={stable}
                onReady={(instance) => {
                  flow.current = instance;
                }}
                onChoose={choose}
                onToggle={editor.toggle}
                onConnect={acts.connectTo}
                onReconnect={acts.reconnectTo}
                onDropped={(from, port, at) => setAdding({ how: "after", node: from, port, at })}
                onMove={acts.drop}
              />
            ) : (
              <Suspense fallback={<div />}>
                <Outline editor={editor} actions={stable} />
              </Suspense>
            )}
            {player.now && view === "map" && (
              <Suspense>
                <PlayBar doc={doc} player={player} playing={player.now} />
              </Suspense>
            )}
            {finding && (
              <Suspense>
                <FindBar doc={doc} onGo={select} onClose={() => setFinding(false)} />
              </Suspense>
            )}
            <Tray editor={editor} onPlay={(problem) => void play(problem)} />
          </div>
          <div
            data-region="inspector"
            className={
              selected !== null || settings
                ? "grid min-h-0 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:h-[62dvh] max-lg:rounded-t-lg max-lg:border-t max-lg:border-line max-lg:bg-surface max-lg:shadow-overlay"
                : "grid min-h-0 max-lg:hidden"
            }
          >
            <Suspense fallback={<div className="border-line bg-surface lg:border-l" />}>
              <Inspector
                editor={editor}
                connecting={connecting}
                focusing={focusing}
                onClose={() => {
                  choose([]);
                  setSettings(false);
                }}
              />
            </Suspense>
          </div>
        </div>
        <p className="sr-only" aria-live="polite">
          {editor.said}
        </p>
        <AddStep
          doc={doc}
          after={after ?? null}
          title={
            kindNow
              ? t("kindTitle")
              : adding?.how === "before"
                ? t("beforeTitle")
                : adding?.how === "inside"
                  ? t("flow.insideTitle")
                  : t("addTitle")
          }
          only={only}
          open={adding !== null}
          onClose={() => setAdding(null)}
          onAdd={acts.add}
        />
        {editor.draft.theirs !== null && (
          <Suspense>
            <ConflictDialog
              editor={editor}
              open={editor.draft.theirs !== null && dismissed !== editor.draft.theirs.revision}
              onClose={() => setDismissed(editor.draft.theirs?.revision ?? null)}
            />
          </Suspense>
        )}
        {publishing && (
          <Suspense>
            <PublishSheet
              editor={editor}
              open={publishing}
              onClose={() => setPublishing(false)}
              id={opened.id}
              liveVersion={opened.liveVersion}
              running={running}
              onDone={(version) => {
                const [said, label, to] =
                  running > 0 && opened.liveVersion !== null
                    ? [t("publishedStay", { version, n: running }), t("moveThem"), "migrate"]
                    : [t("published", { version }), t("seeVersions"), "versions"];
                toast(said, { action: { label, onClick: () => router.push(`/processes/${opened.id}/${to}`) } });
                router.push(`/processes/${opened.id}`);
              }}
            />
          </Suspense>
        )}
      </div>
    </ChoicesProvider>
  );
}

function shifted(node: Parameters<typeof placeOf>[0] | undefined, dx: number, dy: number): Point {
  const at = node ? placeOf(node) : { x: 0, y: 0 };
  return { x: at.x + dx, y: at.y + dy };
}

/** F6: header, map, tray, inspector, and round again. */
function nextRegion(back: boolean) {
  const regions = [
    "[data-region=header] button:not(:disabled)",
    ".react-flow__node[tabindex='0'], [data-row][tabindex='0']",
    "[data-region=tray] button",
    "[data-region=inspector] input",
  ];
  const now = regions.findIndex((one) => {
    const root = document.querySelector(one)?.closest("[data-region], .react-flow, [data-outline]");
    return root?.contains(document.activeElement) ?? false;
  });
  const next = regions[(now + (back ? regions.length - 1 : 1)) % regions.length];
  if (next) document.querySelector<HTMLElement>(next)?.focus();
}
