"use client";
/** What was typed into a form and not yet finished: kept on the server, so that a closed tab or an ended session loses nothing. */
import { useEffect, useRef, useState } from "react";
import { useTRPCClient } from "../api.tsx";

export type DraftState = "nothing" | "saved" | "failed";

const pauseMs = 800;

/** Saves `values` a moment after the last change, and at once when the form goes away. Saving also marks the work as begun. */
export function useDraft(id: string, on: boolean, values: Record<string, unknown>): DraftState {
  const client = useTRPCClient();
  const [state, setState] = useState<DraftState>("nothing");
  const waiting = useRef<Record<string, unknown> | null>(null);
  useEffect(() => {
    waiting.current = on && Object.keys(values).length > 0 ? values : null;
    if (!waiting.current) return;
    const save = () => {
      const sent = waiting.current;
      waiting.current = null;
      if (sent)
        client.inbox.save.mutate({ id, values: sent as never }).then(
          () => setState("saved"),
          () => setState("failed"),
        );
    };
    const timer = setTimeout(save, pauseMs);
    return () => clearTimeout(timer);
  }, [client, id, on, values]);
  useEffect(
    () => () => {
      if (waiting.current) void client.inbox.save.mutate({ id, values: waiting.current as never }).catch(() => {});
    },
    [client, id],
  );
  return state;
}
