"use client";
/** One event stream of this browser tab: what changed in the workspace, as it is committed. */
import { useEffect, useRef } from "react";
import { useTRPCClient } from "./api.tsx";

/** Calls `then` with the types of the facts that were just committed; an empty list means that some were missed. */
export function useChanges(then: (types: readonly string[]) => void): void {
  const client = useTRPCClient();
  const latest = useRef(then);
  useEffect(() => {
    latest.current = then;
  });
  useEffect(() => {
    const stream = client.live.changes.subscribe(undefined, {
      onData: (change) => latest.current(change.data.types),
    });
    return () => stream.unsubscribe();
  }, [client]);
}
