import type { Row } from "@/db/store.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";

/** Who takes from a queue: its members, and in a queue without any everybody of the roles that live processes have it for. */
export function peopleOfQueue(
  { live, directory }: Pick<WorkspaceContext, "live" | "directory">,
  { key, members }: Pick<Row<"queue">, "key" | "members">,
): readonly string[] {
  if (members.length > 0) return members;
  const roles = [...live.values()].flatMap(({ compiled }) => compiled.document.queues[key]?.role ?? []);
  return [...new Set(roles.flatMap((role) => directory.role(role)))];
}
