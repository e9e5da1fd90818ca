"use client";
/** My draft on the server: saved after a pause, against the revision it was based on; nothing is ever overwritten unasked. */
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { Process } from "@/server/engine/process.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";

export type SaveState = "saved" | "saving" | "waiting" | "conflict" | "failed";
export type Theirs = { document: Process; revision: number; baseVersion: number | null };

const pauseMs = 800;
const againMs = 5_000;

export function useDraft(
  opened: { id: string; document: Process; revision: number; baseVersion: number | null; savedAt: number | null },
  doc: Process,
  say: (text: string) => void,
) {
  const client = useTRPCClient();
  const [save, setSave] = useState<SaveState>("saved");
  const [problem, setProblem] = useState("");
  const [revision, setRevision] = useState(opened.revision);
  const [savedAt, setSavedAt] = useState(opened.savedAt);
  const [baseVersion, setBaseVersion] = useState(opened.baseVersion);
  const base = useRef(opened.baseVersion);
  const [theirs, setTheirs] = useState<Theirs | null>(null);
  const kept = useRef({ revision: opened.revision, doc: opened.document });
  const flight = useRef<Promise<boolean> | null>(null);
  /** The same document as in `kept`, for drawing: what differs from it is not saved yet. */
  const [stored, setStored] = useState(opened.document);
  const newest = useRef(doc);
  useLayoutEffect(() => {
    newest.current = doc;
  });
  const pending = stored !== doc;
  function keep(next: { revision: number; doc: Process }) {
    kept.current = next;
    setStored(next.doc);
  }

  async function send(current: Process): Promise<boolean> {
    setSave("saving");
    try {
      const answer = await client.processes.save.mutate({
        id: opened.id,
        revision: kept.current.revision,
        baseVersion: base.current,
        document: current,
      });
      keep({ revision: answer.revision, doc: current });
      setRevision(answer.revision);
      setSavedAt(answer.savedAt);
      setSave(newest.current === current ? "saved" : "waiting");
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === "CONFLICT") await meet();
      else setSave("failed");
      setProblem(refusal.text);
      say(refusal.text);
      return false;
    }
  }
  /** Another window saved first: what is stored there is fetched, so that one can choose. */
  async function meet() {
    setSave("conflict");
    try {
      const { document, revision: now, baseVersion } = await client.processes.edit.query({ id: opened.id });
      setTheirs({ document, revision: now, baseVersion });
    } catch (error) {
      setProblem(refusalOf(error).text);
    }
  }
  /** Saves what is on the screen, after what is on its way. True when it is stored. */
  async function saveNow(): Promise<boolean> {
    while (flight.current) await flight.current;
    if (kept.current.doc === newest.current) return true;
    flight.current = send(newest.current).finally(() => {
      flight.current = null;
    });
    return flight.current;
  }
  const saveLater = useEffectEvent(() => void saveNow());

  useEffect(() => {
    if (!pending || save === "conflict") return;
    const timer = setTimeout(() => saveLater(), save === "failed" ? againMs : pauseMs);
    return () => clearTimeout(timer);
  }, [doc, pending, save]);
  useEffect(() => {
    const leave = () => saveLater();
    const ask = (event: BeforeUnloadEvent) => {
      if (kept.current.doc !== newest.current) event.preventDefault();
    };
    window.addEventListener("blur", leave);
    window.addEventListener("online", leave);
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("blur", leave);
      window.removeEventListener("online", leave);
      window.removeEventListener("beforeunload", ask);
    };
  }, []);

  return {
    baseVersion,
    /** The draft goes on from a newer live version: it is saved again with that base. */
    rebase(version: number) {
      base.current = version;
      setBaseVersion(version);
      keep({ ...kept.current, doc: { ...kept.current.doc } });
      setSave("waiting");
    },
    save: save === "saved" && pending ? ("waiting" as const) : save,
    problem,
    revision,
    savedAt,
    theirs,
    saveNow,
    /** What is on the screen is to be stored over what the other window saved. */
    keepMine() {
      if (!theirs) return;
      keep({ revision: theirs.revision, doc: theirs.document });
      setTheirs(null);
      setSave("waiting");
    },
    /** What the other window saved is what is stored; the caller puts it on the screen. */
    tookTheirs(document: Process) {
      if (!theirs) return;
      keep({ revision: theirs.revision, doc: document });
      setRevision(theirs.revision);
      setTheirs(null);
      setSave("saved");
    },
    /** The draft is gone: nothing is to be saved any more. */
    stop() {
      keep({ ...kept.current, doc: newest.current });
    },
  };
}
