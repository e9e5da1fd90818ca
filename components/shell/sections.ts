import {
  Building2,
  CalendarClock,
  KeyRound,
  ListOrdered,
  Mail,
  Palette,
  Plug,
  ScrollText,
  SlidersHorizontal,
  SquareStack,
  TreePalm,
  Trash2,
  Users,
} from "lucide-react";
import { type Entry, mayGo } from "./commands.ts";

const ops = ["admin", "ops"] as const;
const admin = ["admin"] as const;

export type Section = Entry & {
  id:
    | "people"
    | "teams"
    | "queues"
    | "calendars"
    | "absences"
    | "connections"
    | "keys"
    | "appearance"
    | "fields"
    | "mail"
    | "audit"
    | "workspace"
    | "demo";
};

/** The screens of the settings: no key goes to them, so the shell does without. `demo` is there only in the demo. */
const sections: readonly Section[] = [
  { id: "people", href: "/settings/people", icon: Users },
  { id: "teams", href: "/settings/teams", icon: SquareStack },
  { id: "queues", href: "/settings/queues", icon: ListOrdered, roles: [...ops, "manager"] },
  { id: "calendars", href: "/settings/calendars", icon: CalendarClock },
  { id: "absences", href: "/settings/absences", icon: TreePalm },
  { id: "appearance", href: "/settings/appearance", icon: Palette },
  { id: "fields", href: "/settings/fields", icon: SlidersHorizontal },
  { id: "connections", href: "/settings/connections", icon: Plug, roles: ops },
  { id: "keys", href: "/settings/api-keys", icon: KeyRound, roles: admin },
  { id: "mail", href: "/settings/mail", icon: Mail, roles: admin },
  { id: "audit", href: "/settings/audit", icon: ScrollText, roles: ops },
  { id: "workspace", href: "/settings/workspace", icon: Building2 },
  { id: "demo", href: "/settings/demo", icon: Trash2, roles: admin },
];

/** Those this person may open. */
export const sectionsFor = (held: readonly string[], demo: boolean): Section[] =>
  sections.filter(mayGo(held)).filter((section) => demo || section.id !== "demo");
