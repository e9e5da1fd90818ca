/**
 * The one list of commands, with sections.ts for what has no key: palette, keys and the key sheet all read it. Nothing else binds
 * a key to going somewhere.
 */
import {
  AlertOctagon,
  BarChart3,
  FolderOpen,
  Inbox,
  Layers,
  type LucideIcon,
  Settings,
  Upload,
  Workflow,
} from "lucide-react";

type Role = "admin" | "ops" | "manager" | "rep";
export type Entry = {
  href: string;
  icon: LucideIcon;
  /** Who may go there; left out = everybody. The page itself asks again. */
  roles?: readonly Role[];
};
export type Place = Entry & {
  id: "inbox" | "records" | "processes" | "operate" | "imports" | "reports" | "settings";
  keys: string;
};

const ops = ["admin", "ops"] as const;

export const places: readonly Place[] = [
  { id: "inbox", href: "/inbox", icon: Inbox, keys: "g i" },
  { id: "records", href: "/records", icon: FolderOpen, keys: "g c" },
  { id: "processes", href: "/processes", icon: Workflow, keys: "g p" },
  { id: "operate", href: "/operate", icon: AlertOctagon, keys: "g n", roles: ops },
  { id: "imports", href: "/imports", icon: Upload, keys: "g m", roles: ops },
  { id: "reports", href: "/reports", icon: BarChart3, keys: "g r" },
  { id: "settings", href: "/settings", icon: Settings, keys: "g s" },
];

/** Every step kind in every state: for who draws processes. */
export const stepStates: Entry = { href: "/dev/steps", icon: Layers, roles: ops };

/** What somebody with these roles may go to. */
export const mayGo =
  (held: readonly string[]) =>
  ({ roles }: Entry): boolean =>
    !roles || roles.some((role) => held.includes(role));

/** Single keys count only outside fields, and never while a word is being composed. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return (
    event.isComposing ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (target?.closest("input, textarea, select, [contenteditable=true], [role=dialog]") ?? null) !== null
  );
}
