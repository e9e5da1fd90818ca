/** Who works in the demo workspace: three teams in two zones, every role the demo's processes need. */
import type { Row } from "@/db/store.ts";

export const hanoi = "Asia/Ho_Chi_Minh";
const london = "Europe/London";

type Team = "vietnam" | "emea" | "deal_operations";
export type DemoPerson = {
  id: string;
  name: string;
  title: string;
  team: Team;
  roles: ("admin" | "ops" | "manager" | "rep")[];
  processRoles: string[];
  manager: string | null;
  zone: string;
  country: string;
  /** Has a sign-in of their own. */
  signsIn?: true;
};

const rep = (id: string, name: string, title: string, team: Team, processRoles: string[], manager: string) => ({
  id,
  name,
  title,
  team,
  roles: ["rep" as const],
  processRoles,
  manager,
  zone: team === "emea" ? london : hanoi,
  country: team === "emea" ? "GB" : "VN",
});

/** Those who sign in come in the order the sign-in page shows them. */
export const people: readonly DemoPerson[] = [
  {
    ...rep("mem_mai", "Mai Võ", "Sales manager", "vietnam", ["sales_manager"], "mem_ana"),
    roles: ["manager"],
    signsIn: true,
  },
  { ...rep("mem_lan", "Lan Phạm", "Account executive", "vietnam", ["ae", "am"], "mem_mai"), signsIn: true },
  {
    ...rep("mem_linh", "Linh Đặng", "Revenue operations", "deal_operations", ["deal_desk", "sdr_manager"], "mem_ana"),
    roles: ["ops"],
    signsIn: true,
  },
  {
    ...rep("mem_ana", "Ana Keller", "Head of revenue", "emea", ["sales_director", "executive"], "mem_ana"),
    roles: ["admin", "manager"],
    manager: null,
    signsIn: true,
  },
  rep("mem_minh", "Minh Trần", "Account executive", "vietnam", ["ae", "am"], "mem_mai"),
  rep("mem_hoang", "Hoàng Lê", "Sales development", "vietnam", ["sdr"], "mem_mai"),
  rep("mem_thu", "Thu Nguyễn", "Solutions engineer", "vietnam", ["se"], "mem_mai"),
  {
    ...rep("mem_james", "James Whitfield", "Sales manager", "emea", ["sales_manager"], "mem_ana"),
    roles: ["manager"],
  },
  rep("mem_claire", "Claire Dubois", "Account executive", "emea", ["ae", "am"], "mem_james"),
  rep("mem_tom", "Tom Reed", "Account executive", "emea", ["ae", "am"], "mem_james"),
  rep("mem_sofia", "Sofia Rossi", "Sales development", "emea", ["sdr"], "mem_james"),
  rep("mem_daniel", "Daniel Okafor", "Solutions engineer", "emea", ["se"], "mem_james"),
  rep("mem_priya", "Priya Shah", "Legal counsel", "deal_operations", ["legal"], "mem_linh"),
  rep("mem_quan", "Quân Bùi", "Finance and orders", "deal_operations", ["finance", "order_ops"], "mem_linh"),
];

/** The rep who is away over the day of seeding. */
export const absentRep = "mem_tom";
export const opsPerson = "mem_linh";
export const shownRep = "mem_lan";
export const accountExecutives = people.filter((p) => p.processRoles.includes("ae")).map((p) => p.id);

export const emailOf = ({ id }: DemoPerson): string => `${id.slice(4)}@northwind.example`;

export const teamRows = (workspaceId: string): Row<"team">[] => [
  { workspaceId, id: "team_vietnam", name: "Vietnam sales", managerId: "mem_mai", zone: hanoi, calendar: null },
  { workspaceId, id: "team_emea", name: "EMEA sales", managerId: "mem_james", zone: london, calendar: null },
  {
    workspaceId,
    id: "team_deal_operations",
    name: "Deal operations",
    managerId: opsPerson,
    zone: hanoi,
    calendar: null,
  },
];

export const memberRows = (workspaceId: string, at: number, users: Map<string, string>): Row<"member">[] =>
  people.map((p) => ({
    workspaceId,
    id: p.id,
    userId: users.get(p.id) ?? null,
    name: p.name,
    email: emailOf(p),
    roles: p.roles,
    processRoles: p.processRoles,
    teamId: `team_${p.team}`,
    managerId: p.manager,
    backupId: p.id === absentRep ? "mem_claire" : null,
    zone: p.zone,
    country: p.country,
    locale: "en",
    theme: "system",
    capacityPerDay: null,
    status: "active",
    createdAt: at,
  }));
