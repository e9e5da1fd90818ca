/**
 * Every kind of batch by its name. To add one: a file that exports a `BatchKind` (its right, its parameters, a preview that
 * writes nothing, and what is done to one run), and a line here.
 */
import type { BatchContext, BatchKind, ItemResult } from "./kind.ts";
import type { Action } from "@/server/api/authorisation.ts";
import type { Run } from "@/server/engine/model.ts";
import { migrate, undoMigrations } from "./migrate.ts";
import { cancel, line, move, resume, retry, suspend } from "./verbs.ts";

const kinds = {
  cancel: readable(cancel),
  retry: readable(retry),
  move: readable(move),
  suspend: readable(suspend),
  resume: readable(resume),
  line: readable(line),
  migrate: readable(migrate),
  undo_migration: readable(undoMigrations),
} as const;

export type BatchKindName = keyof typeof kinds;
export const isBatchKind = (name: string): name is BatchKindName => Object.hasOwn(kinds, name);

/** A kind with the parameters it was asked with, or null where they do not fit it. */
export const batchKind = (name: BatchKindName, params: unknown): ReadKind | null => kinds[name](params);

export type ReadKind = {
  action: Action;
  preview(context: BatchContext, runs: readonly Run[]): Promise<ItemResult[]>;
  one(context: BatchContext & { commandId: string }, run: Run): Promise<ItemResult>;
};

function readable<P>(kind: BatchKind<P>): (params: unknown) => ReadKind | null {
  return (params) => {
    const read = kind.params.safeParse(params);
    if (!read.success) return null;
    return {
      action: kind.action,
      preview: async (context, runs) => kind.preview(context, runs, read.data),
      one: async (context, run) => kind.one(context, run, read.data),
    };
  };
}
