import type { Template } from "./template-schema.ts";

/** Who is told: a role of the process, the assignee, the record's owner, or the process owner for whom the process does not know. */
export type Recipient = { to: string; unknown?: string; comment?: string };

/**
 * `notify csm and ae`, `notify legal lead`, `notify quote owner with the reason`. A person nobody knows (a lead, a CEO) is the
 * fallback of the role the words begin with, else the process owner. `hasAssignee`: somebody works here; else it is the record's owner.
 */
export function recipientsOf(words: string, template: Template, hasAssignee: boolean): Recipient[] {
  return words
    .split(/\s+and\s+|\s*,\s*/)
    .filter((part) => part.trim() !== "")
    .map((part) => recipientOf(part.trim(), template, hasAssignee));
}

function recipientOf(words: string, template: Template, hasAssignee: boolean): Recipient {
  const [, who = words, comment] = /^(.*?)(?:\s+((?:with|on|about|that|for|in|to|by)\b.*))?$/.exec(words) ?? [];
  const more = comment ? { comment } : {};
  const key = keyOf(who);
  if (key === "assignee" || key === "approver") return { to: hasAssignee ? "assignee" : "owner", ...more };
  if (key === "owner" || key === `${template.object}_owner`) return { to: "owner", ...more };
  if (Object.hasOwn(template.roles, key)) return { to: key, ...more };
  const role = roleAhead(who, template);
  return { to: role?.fallback ?? "process_owner", unknown: who, ...more };
}

/** The role whose key the words begin with: the legal lead is of the role legal. */
export function roleAhead(words: string, template: Template): { key: string; fallback?: string | undefined } | null {
  const parts = words.split(/\s+/);
  for (let length = parts.length; length > 0; length--) {
    const key = keyOf(parts.slice(0, length).join(" "));
    const role = Object.hasOwn(template.roles, key) ? template.roles[key] : undefined;
    if (role) return { key, fallback: role.fallback };
  }
  return null;
}

export const keyOf = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
