/** The one list of commands: palette, keys and the key sheet all read it. Nothing else binds a key to going somewhere. */
import { FolderOpen, Inbox, type LucideIcon, BarChart3, Upload, Workflow } from "lucide-react";

export type Place = {
  id: "inbox" | "records" | "processes" | "imports" | "reports";
  href: string;
  icon: LucideIcon;
  keys: string;
};

export const places: readonly Place[] = [
  { id: "inbox", href: "/inbox", icon: Inbox, keys: "g i" },
  { id: "records", href: "/records", icon: FolderOpen, keys: "g c" },
  { id: "processes", href: "/processes", icon: Workflow, keys: "g p" },
  { id: "imports", href: "/imports", icon: Upload, keys: "g m" },
  { id: "reports", href: "/reports", icon: BarChart3, keys: "g r" },
];

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
