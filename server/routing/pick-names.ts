import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { Process } from "@/server/engine/process.ts";
import type { PickNames } from "./tell-pick.ts";

/** What people, queues and roles are called: in the process that picked, else in those that are live. */
export function pickNames(
  context: WorkspaceContext,
  queues: ReadonlyMap<string, string>,
  document?: Process,
  say?: PickNames["say"],
): PickNames {
  const documents = [
    ...(document ? [document] : []),
    ...[...context.live.values()].map(({ compiled }) => compiled.document),
  ];
  const plain = (key: string) => key.replaceAll("_", " ");
  return {
    ...(say && { say }),
    person: (id) => context.directory.people.get(id)?.name ?? id,
    queue: (key) => queues.get(key) ?? documents.find((one) => one.queues[key]?.name)?.queues[key]?.name ?? plain(key),
    role: (key) => documents.find((one) => Object.hasOwn(one.roles, key))?.roles[key]?.name ?? plain(key),
  };
}
