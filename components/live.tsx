"use client";
/** One event stream of this browser tab: what changed in the workspace, as it is committed. */
import { useEffect, useRef } from "react";
import type { Change } from "@/server/api/routers/live.ts";

/** The server says something at least every 15 s: a line that is silent for twice as long is dead, whatever the browser thinks. */
const deadMs = 30_000;

/**
 * Calls `then` with the types of the facts that were just committed; an empty list means that some were missed. The browser's
 * own EventSource comes back after a broken line and says what it saw last; what tRPC puts around it, every page would load.
 */
export function useChanges(then: (types: readonly string[]) => void): void {
  const latest = useRef(then);
  useEffect(() => {
    latest.current = then;
  });
  useEffect(() => {
    let stream: EventSource | null = null;
    let dead: ReturnType<typeof setTimeout>;
    let seen = "";
    function open() {
      stream?.close();
      stream = new EventSource(`/api/trpc/live.changes${seen && `?lastEventId=${seen}`}`);
      stream.addEventListener("connected", alive);
      stream.addEventListener("ping", alive);
      stream.addEventListener("message", ({ data, lastEventId }: MessageEvent<string>) => {
        alive();
        seen = lastEventId;
        latest.current(readChange(data).types);
      });
      alive();
    }
    function alive() {
      clearTimeout(dead);
      dead = setTimeout(open, deadMs);
    }
    open();
    return () => {
      clearTimeout(dead);
      stream?.close();
    };
  }, []);
}

/** As tRPC writes a value of the router; it comes from our own server. */
const readChange = (text: string) => (JSON.parse(text) as { json: Change }).json;
