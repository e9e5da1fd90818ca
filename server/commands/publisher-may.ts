import { scopeOf } from "@/server/api/authorisation.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Right } from "@/server/engine/world.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/**
 * Whether automations of a version may do this to a record of that owner: what whoever published it may, by their roles now (G23).
 * Of a publisher who has left, the process's owner counts, to whom it was handed over. A version that nobody published (shipped or
 * imported with the workspace) is the workspace's own.
 */
export function publisherMay(
  { roles, owners, directory }: Pick<WorkspaceContext, "roles" | "owners" | "directory">,
  { process, publisher }: { process: string; publisher: string | null },
  right: Right,
  recordOwner: Plain,
): boolean {
  if (publisher === null) return true;
  const who = roles.has(publisher) ? publisher : (owners.get(process) ?? null);
  const scope = who === null ? null : scopeOf(right, roles.get(who) ?? []);
  switch (scope) {
    case "all":
      return true;
    case "own":
      return recordOwner === who;
    case "team": {
      const team = directory.people.get(who ?? "")?.teamId ?? null;
      const theirs = typeof recordOwner === "string" ? directory.people.get(recordOwner)?.teamId : null;
      return recordOwner === who || (team !== null && team === theirs);
    }
    case null:
      return false;
    default:
      return scope satisfies never;
  }
}
