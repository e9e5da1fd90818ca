"use client";
/** The one clever hook of the editor: document, undo, what is chosen, problems, and the draft that saves itself. */
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { diffProcess } from "@/server/engine/diff.ts";
import type { Process } from "@/server/engine/process.ts";
import type { Problem } from "@/server/engine/checks/problems.ts";
import type { checkDraft } from "@/server/steps/index.ts";
import { patiently } from "../ui/later.ts";
import { type Choices, namedFields, typeScopeOf } from "./choices.tsx";
import { begin, execute, type History, redo, touched, travel, undo } from "./history.ts";
import { useDraft } from "./use-draft.ts";
import { useSay } from "../use-say.ts";

export type EditorState = ReturnType<typeof useEditor>;

export function useEditor(
  opened: {
    id: string;
    document: Process;
    live: Process | null;
    liveVersion: number | null;
    revision: number;
    baseVersion: number | null;
    savedAt: number | null;
    problems: Problem[];
  },
  choices: Choices,
) {
  const t = useTranslations("editor");
  const [history, setHistory] = useState<History>(() => begin(opened.document));
  const [chosen, choose] = useState<string[]>([]);
  const [said, say] = useState("");
  /** The problem that was last gone to: a new object each time. */
  const [asked, ask] = useState<Problem | null>(null);
  const { doc } = history;
  const draft = useDraft(opened, doc, say);
  // Checked against what the workspace has: its fields and their values, its processes.
  const context = useMemo(
    () => ({
      types: (process: Process) => typeScopeOf(namedFields(process, choices, "")),
      processes: choices.processes.map((p) => p.key),
    }),
    [choices],
  );
  // The check may be a moment behind a fast typist; it never holds up a key.
  const settled = useDeferredValue(doc);
  // The checker comes after the first picture; until then the server's list of what was opened stands.
  const [check, setCheck] = useState<typeof checkDraft | null>(null);
  useEffect(() => {
    let here = true;
    void patiently(() => import("@/server/steps/index.ts")).then(
      (m) => here && setCheck(() => m.checkDraft),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, []);
  const inWords = useSay();
  const problems = useMemo(
    () => (check ? check(settled, context) : opened.problems).map((one) => ({ ...one, text: inWords(one.text) })),
    [check, settled, context, opened.problems, inWords],
  );
  const changes = useMemo(() => (opened.live ? diffProcess(opened.live, settled) : []), [opened.live, settled]);
  const changed = useMemo(
    () => new Set(changes.filter((c) => c.part === "node" && c.kind !== "removed").map((c) => c.id)),
    [changes],
  );

  /** After undo, redo or a jump: what changed is chosen, so that focus and view follow. */
  function moveTo(next: History, words: string) {
    const [first] = touched(doc, next.doc);
    const there = (id: string) => next.doc.nodes.some((n) => n.id === id) || next.doc.edges.some((e) => e.id === id);
    choose((now) => (first && there(first) ? [first] : now.filter(there)));
    setHistory(next);
    say(words);
    return first && there(first) ? first : null;
  }

  return {
    id: opened.id,
    live: opened.live,
    liveVersion: opened.liveVersion,
    doc,
    history,
    problems,
    changes,
    changed,
    chosen,
    choose,
    selected: chosen.at(-1) ?? null,
    select: (id: string | null) => choose(id === null ? [] : [id]),
    toggle: (id: string) => choose((now) => (now.includes(id) ? now.filter((o) => o !== id) : [...now, id])),
    /** Goes to a problem: its step or connection is chosen, and its field in the inspector takes the focus. */
    go(problem: Problem) {
      const place = problem.edge ?? problem.node;
      choose(place ? [place] : []);
      ask({ ...problem });
    },
    asked,
    said,
    say,
    draft,
    /** The one way every device changes the document. Typing in one place has a key, and is one entry. */
    run(label: string, edit: (doc: Process) => Process, key: string | null = null) {
      setHistory((h) => execute(h, label, edit, key));
      if (key === null) say(label);
    },
    /** Answers what changed, so that who asked by key can move the focus there. */
    undo() {
      const last = history.past.at(-1);
      return last ? moveTo(undo(history), t("undid", { what: last.label })) : null;
    },
    redo() {
      const next = history.future[0];
      return next ? moveTo(redo(history), t("redid", { what: next.label })) : null;
    },
    /** Back or forth to the state after so many entries. */
    travel(entries: number) {
      moveTo(travel(history, entries), t("wentTo", { n: entries }));
    },
  };
}
