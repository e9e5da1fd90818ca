"use client";
/** The one clever hook of the editor: document, undo, selection, problems, and the draft that saves itself. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { Process } from "@/server/engine/process.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { begin, execute, type History, redo, undo } from "./history.ts";

export type SaveState = "saved" | "saving" | "waiting" | "conflict" | "failed";
export type EditorState = ReturnType<typeof useEditor>;

const pauseMs = 800;

export function useEditor(opened: { id: string; document: Process; revision: number; baseVersion: number | null }) {
  const client = useTRPCClient();
  const [history, setHistory] = useState<History>(() => begin(opened.document));
  const [selected, select] = useState<string | null>(null);
  const [save, setSave] = useState<SaveState>("saved");
  const [said, say] = useState("");
  const kept = useRef({ revision: opened.revision, doc: opened.document, busy: false });
  const [revision, setRevision] = useState(opened.revision);
  const { doc } = history;
  const problems = useMemo(() => checkDraft(doc), [doc]);

  async function saveNow(current: Process): Promise<boolean> {
    if (kept.current.busy || kept.current.doc === current) return kept.current.doc === current;
    kept.current.busy = true;
    setSave("saving");
    try {
      const answer = await client.processes.save.mutate({
        id: opened.id,
        revision: kept.current.revision,
        baseVersion: opened.baseVersion,
        document: current,
      });
      kept.current = { revision: answer.revision, doc: current, busy: false };
      setRevision(answer.revision);
      setSave("saved");
      return true;
    } catch (error) {
      kept.current.busy = false;
      const refusal = refusalOf(error);
      setSave(refusal.code === "CONFLICT" ? "conflict" : "failed");
      say(refusal.text);
      return false;
    }
  }
  useEffect(() => {
    if (kept.current.doc === doc) return;
    const timer = setTimeout(() => void saveNow(doc), pauseMs);
    return () => clearTimeout(timer);
  });

  return {
    doc,
    history,
    problems,
    selected,
    select,
    save,
    said,
    revision,
    saveNow: () => saveNow(doc),
    /** The one way every device changes the document. */
    run(label: string, edit: (doc: Process) => Process, key: string | null = null) {
      setHistory((h) => execute(h, label, edit, key));
      setSave("waiting");
      if (key === null) say(label);
    },
    undo() {
      const last = history.past.at(-1);
      if (!last) return;
      say(last.label);
      setHistory(undo);
      setSave("waiting");
    },
    redo() {
      setHistory(redo);
      setSave("waiting");
    },
  };
}
