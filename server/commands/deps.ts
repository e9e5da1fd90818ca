import type { Store } from "@/db/store.ts";
import type { FileReader } from "@/server/interop/file-reader.ts";
import type { NewId } from "@/server/runtime/ids.ts";
import type { Actor } from "@/server/engine/model.ts";
import type { CommandLoop } from "./command-loop.ts";
import type { Contexts } from "./workspace-context.ts";

/** What a verb needs. `now` is read once at the door and given along. */
export type Deps = { store: Store; loop: CommandLoop; contexts: Contexts; newId: NewId };

/** What a verb needs that reads a file which somebody handed in. */
export type FileDeps = Deps & { files: FileReader };

/** Who asks, and when. `commandId`: the caller's idempotency key, if it has one. */
export type Ask = { workspaceId: string; actor: Actor; now: number; commandId?: string | undefined };
