/** The one list of commands: palette, keys and the key sheet all read it. Nothing else binds a key to going somewhere. */
import {
  AlertOctagon,
  BarChart3,
  Building2,
  CalendarClock,
  FolderOpen,
  Inbox,
  KeyRound,
  Layers,
  ListOrdered,
  type LucideIcon,
  Mail,
  Palette,
  ScrollText,
  Settings,
  SlidersHorizontal,
  SquareStack,
  TreePalm,
  Trash2,
  Upload,
  Users,
  Workflow,
} from "lucide-react";

type Role = "admin" | "ops" | "manager" | "rep";
type Entry = {
  href: string;
  icon: LucideIcon;
  /** Who may go there; left out = everybody. The page itself asks again. */
  roles?: readonly Role[];
};
export type Place = Entry & {
  id: "inbox" | "records" | "processes" | "incidents" | "imports" | "reports" | "settings";
  keys: string;
};

const ops = ["admin", "ops"] as const;
const admin = ["admin"] as const;

export const places: readonly Place[] = [
  { id: "inbox", href: "/inbox", icon: Inbox, keys: "g i" },
  { id: "records", href: "/records", icon: FolderOpen, keys: "g c" },
  { id: "processes", href: "/processes", icon: Workflow, keys: "g p" },
  { id: "incidents", href: "/incidents", icon: AlertOctagon, keys: "g n", roles: ops },
  { id: "imports", href: "/imports", icon: Upload, keys: "g m", roles: ops },
  { id: "reports", href: "/reports", icon: BarChart3, keys: "g r" },
  { id: "settings", href: "/settings", icon: Settings, keys: "g s" },
];

export type Section = Entry & {
  id:
    | "people"
    | "teams"
    | "queues"
    | "calendars"
    | "absences"
    | "keys"
    | "appearance"
    | "fields"
    | "mail"
    | "audit"
    | "workspace"
    | "demo";
};

/** The screens of the settings. `demo` is there only in the demo. */
export const sections: readonly Section[] = [
  { id: "people", href: "/settings/people", icon: Users },
  { id: "teams", href: "/settings/teams", icon: SquareStack },
  { id: "queues", href: "/settings/queues", icon: ListOrdered, roles: ops },
  { id: "calendars", href: "/settings/calendars", icon: CalendarClock },
  { id: "absences", href: "/settings/absences", icon: TreePalm },
  { id: "appearance", href: "/settings/appearance", icon: Palette },
  { id: "fields", href: "/settings/fields", icon: SlidersHorizontal },
  { id: "keys", href: "/settings/api-keys", icon: KeyRound, roles: admin },
  { id: "mail", href: "/settings/mail", icon: Mail, roles: admin },
  { id: "audit", href: "/settings/audit", icon: ScrollText, roles: ops },
  { id: "workspace", href: "/settings/workspace", icon: Building2 },
  { id: "demo", href: "/settings/demo", icon: Trash2, roles: admin },
];

/** Every step kind in every state: for who draws processes. */
export const stepStates: Entry = { href: "/dev/steps", icon: Layers, roles: ops };

/** What somebody with these roles may go to. */
export const mayGo =
  (held: readonly string[]) =>
  ({ roles }: Entry): boolean =>
    !roles || roles.some((role) => held.includes(role));

export const sectionsFor = (held: readonly string[], demo: boolean): Section[] =>
  sections.filter(mayGo(held)).filter((section) => demo || section.id !== "demo");

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
