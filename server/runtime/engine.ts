/** The engine at work: the command loop over a store, and the worker that does what is due. */
import type { Store } from "@/db/store.ts";
import { type CommandLoop, commandLoop } from "@/server/commands/command-loop.ts";
import { type Contexts, workspaceContexts } from "@/server/commands/workspace-context.ts";
import type { Wait } from "@/server/effects/answer.ts";
import { dispatcher, type Sender } from "@/server/effects/dispatch.ts";
import { type FileReader, inThisThread } from "@/server/interop/file-reader.ts";
import { type Clock, type Clocks, clocksOf } from "./clock.ts";
import type { NewId } from "./ids.ts";
import { type Worker, worker } from "./worker.ts";

export type Engine = {
  store: Store;
  contexts: Contexts;
  loop: CommandLoop;
  worker: Worker;
  /** The time of each workspace. */
  clocks: Clocks;
  newId: NewId;
  files: FileReader;
};

/** Facts after which what is kept of a workspace must be read again. */
const forgetful = new Set(["SettingChanged", "ProcessPublished", "ProcessRetired"]);

export function startEngine({
  store,
  clock,
  newId,
  send,
  files = inThisThread,
  waitFor,
  alone,
  onError,
}: {
  store: Store;
  clock: Clock | Clocks;
  newId: NewId;
  send: Sender;
  files?: FileReader;
  /** Simulations give their own: how long an answer from outside is waited for. */
  waitFor?: Wait;
  /** Whether this engine alone writes to the database; on PostgreSQL never. */
  alone?: boolean;
  onError: (error: unknown) => void;
}): Engine {
  const clocks = clocksOf(clock);
  const contexts = workspaceContexts(store);
  store.onCommit(({ workspaceId, types, missed }) => {
    if (missed || types.some((type) => forgetful.has(type))) contexts.forget(workspaceId);
  });
  const loop = commandLoop({ store, contexts, ...(alone !== undefined && { alone }) });
  const dispatch = dispatcher({ store, loop, contexts, newId, clocks, send, waitFor });
  return {
    store,
    contexts,
    loop,
    newId,
    files,
    clocks,
    worker: worker({ store, loop, dispatch, clock: clocks, onError }),
  };
}
