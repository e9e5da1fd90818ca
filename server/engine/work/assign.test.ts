import { describe, expect, it } from "vitest";
import { mapRecords } from "@/server/commands/load-world.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { bareWorld } from "@/tests/support/bare-world.ts";
import type { Pick } from "../events.ts";
import type { EngineRecord, Values } from "../model.ts";
import { type Process, processSchema } from "../process.ts";
import { newRun } from "../run-shape.ts";
import { newTurn, type Turn } from "../turn.ts";
import type { Person } from "../world.ts";
import { handOut, pickAssignee } from "./assign.ts";
import type { QueueSettings } from "./queue-settings.ts";

const monday = Date.UTC(2026, 2, 2, 2);
const hour = 3_600_000;
const allDay = { from: monday - hour, to: monday + hour };

type Given = {
  people?: Record<string, Partial<Person>>;
  queue?: Partial<Process["queues"][string]>;
  settings?: Record<string, QueueSettings>;
  members?: Record<string, string[]>;
  roles?: Process["roles"];
  queues?: Process["queues"];
  tables?: unknown;
  node?: Record<string, unknown>;
  deal?: Values;
  owner?: string | null;
  admins?: string[];
  atWork?: (member: string) => boolean;
  held?: Record<string, string>;
  lastHuman?: string;
  workers?: Record<string, string>;
  open?: Record<string, number>;
};

/** A deal that comes to a task of the role `ae`, whose people are lan, minh and nam unless it is said otherwise. */
function office(given: Given = {}): { turn: Turn; pick: (options?: Parameters<typeof pickAssignee>[3]) => Pick } {
  const document = processSchema.parse({
    key: "deals",
    name: "Deals",
    recordType: "opportunity",
    roles: given.roles ?? { ae: { name: "Account executive", queue: "pool" }, boss: { name: "Boss" } },
    queues: { pool: { role: "ae", strategy: "round_robin", ...given.queue }, ...given.queues },
    decisionTables: given.tables ?? {},
    nodes: [
      { id: "start", kind: "start", name: "Start" },
      { id: "call", kind: "task", name: "Call", role: "ae", ...given.node },
      { id: "done", kind: "end", name: "Done" },
    ],
    edges: [
      { id: "e1", from: "start", to: "call" },
      { id: "e2", from: "call", to: "done" },
    ],
  });
  const process = compileVersion(document, 1);
  const deal: EngineRecord = {
    type: "opportunity",
    id: "opp_1",
    version: 1,
    values: { name: "Acme", ...given.deal },
    createdAt: monday,
  };
  const names = ["lan", "minh", "nam", "mai"];
  const world = bareWorld(mapRecords(new Map([[deal.id, deal]])), names);
  const people = new Map<string, Person>();
  for (const id of new Set([...names, ...Object.keys(given.people ?? {})]))
    people.set(id, {
      ...world.directory.people.get("lan")!,
      id,
      name: id,
      email: `${id}@example.com`,
      ...given.people?.[id],
    });
  const members: Record<string, string[]> = { pool: ["lan", "minh", "nam"], ...given.members };
  world.directory = {
    ...world.directory,
    people,
    queue: (key) => members[key] ?? [],
    role: (key) => (key === "boss" ? ["mai"] : []),
    settings: (key) => given.settings?.[key] ?? {},
    admins: given.admins ?? ["mai"],
    open: new Map(Object.entries(given.open ?? {})),
  };
  world.processOwner = given.owner === undefined ? "mai" : given.owner;
  world.atWork = (member) => given.atWork?.(member) ?? true;
  world.heldBefore = (_, role, within) => given.held?.[`${within}/${role}`] ?? null;
  const run = newRun(
    "run_1",
    {
      workspaceId: "ws",
      process: "deals",
      version: 1,
      recordType: "opportunity",
      recordId: deal.id,
      trigger: { event: "manual", at: monday },
      variables: {},
      related: {},
      parent: null,
    },
    monday,
  );
  run.lastHuman = given.lastHuman ?? null;
  run.workers = given.workers ?? {};
  const turn = newTurn(process, run, world, { id: "c1", actor: { kind: "system" }, at: monday });
  return {
    turn,
    pick(options) {
      const pick = pickAssignee(turn, "ae", process.nodes.get("call")!, options);
      handOut(turn, pick);
      return pick;
    },
  };
}

const inTurn = (given: Given, n: number) => {
  const { pick } = office(given);
  return Array.from({ length: n }, () => pick().chosen);
};

describe("taking turns", () => {
  it("by weight, in the queue's order; each pick says how everybody stood, whose turn it was and who was next", () => {
    const { pick } = office({ settings: { pool: { weights: { lan: 2, nam: 0 } } } });
    expect(pick()).toEqual({
      rule: "round_robin",
      queue: "pool",
      role: "ae",
      chosen: "lan",
      next: "minh",
      turn: 1,
      pool: [
        { member: "lan", open: 0, available: true, weight: 2, owed: 0 },
        { member: "minh", open: 0, available: true, weight: 1, owed: 0 },
        { member: "nam", open: 0, available: false, reason: "weight", weight: 0, owed: 0 },
      ],
    });
    expect([pick(), pick(), pick()].map(({ chosen, turn }) => [turn, chosen])).toEqual([
      [2, "lan"],
      [3, "minh"],
      [4, "lan"],
    ]);
  });

  it("nobody above their cap of the day, in the queue or over all; the day begins where they are", () => {
    const caps = { people: { minh: { capacityPerDay: 1 } }, settings: { pool: { caps: { lan: 2 }, cap: 3 } } };
    expect(inTurn(caps, 7)).toEqual(["lan", "minh", "nam", "lan", "nam", "nam", "mai"]);
    const { turn, pick } = office(caps);
    for (let i = 0; i < 6; i++) pick();
    expect(pick()).toMatchObject({
      rule: "process_owner",
      fallback: "ae",
      tried: [{ role: "ae", queue: "pool", rule: "round_robin", why: "nobody_free" }],
      pool: [
        { member: "lan", today: 2, cap: 2, reason: "cap" },
        { member: "minh", today: 1, cap: 1, reason: "cap" },
        { member: "nam", today: 3, cap: 3, reason: "cap" },
      ],
    });
    turn.instant += 24 * hour;
    expect(pick().chosen).not.toBe("mai");
  });

  it("the tighter of two caps is told", () => {
    const { pick } = office({
      members: { pool: ["lan"] },
      people: { lan: { capacityPerDay: 2 } },
      settings: { pool: { caps: { lan: 5 } } },
    });
    pick();
    expect(pick().pool[0]).toMatchObject({ today: 1, cap: 2, available: true });
  });

  it("nobody who is away, has left, or was deleted", () => {
    expect(inTurn({ people: { lan: { absences: [allDay] } } }, 3)).toEqual(["minh", "nam", "minh"]);
    const { pick } = office({
      members: { pool: ["ghost", "lan", "minh"] },
      people: { lan: { active: false } },
    });
    expect(pick()).toMatchObject({
      chosen: "minh",
      pool: [{ member: "ghost", reason: "gone" }, { member: "lan", reason: "inactive" }, { member: "minh" }],
    });
  });

  it("an absence begins at its first instant and ends before its last", () => {
    const at = (from: number, to: number) =>
      office({ people: { lan: { absences: [{ from: monday + from, to: monday + to }] } } }).pick().chosen;
    expect(at(0, 1)).toBe("minh");
    expect(at(-1, 0)).toBe("lan");
    expect(at(1, 2)).toBe("lan");
  });

  it("only who can do it", () => {
    const { pick } = office({
      node: { skills: ["German"] },
      people: { nam: { skills: [" german ", "tax"] }, lan: { skills: ["tax"] } },
    });
    expect(pick()).toMatchObject({
      chosen: "nam",
      pool: [{ reason: "skill", skill: "German" }, { reason: "skill", skill: "German" }, { available: true }],
    });
  });

  it("who is at work comes first, or only they", () => {
    const atWork = (member: string) => member === "nam";
    expect(inTurn({ queue: { hours: "prefer" }, atWork }, 2)).toEqual(["nam", "nam"]);
    expect(inTurn({ queue: { hours: "prefer" }, atWork: () => false }, 2)).toEqual(["lan", "minh"]);
    expect(inTurn({ queue: { hours: "only" }, atWork: () => false }, 1)).toEqual(["mai"]);
    expect(inTurn({ queue: { hours: "ignore" }, atWork: () => false }, 1)).toEqual(["lan"]);
    expect(
      office({ queue: { hours: "only" }, atWork })
        .pick()
        .pool.map(({ reason }) => reason),
    ).toEqual(["off_hours", "off_hours", undefined]);
  });
});

describe("the least loaded", () => {
  const least = { queue: { strategy: "least_loaded" as const, capacityPerDay: 4 } };
  it("by open work against what each can do in a day; the first of equals; and who was next", () => {
    const open = { lan: 3, minh: 2, nam: 2 };
    expect(office({ ...least, open }).pick()).toMatchObject({ rule: "least_loaded", chosen: "minh", next: "nam" });
    expect(office({ ...least, open, people: { lan: { capacityPerDay: 60 } } }).pick().chosen).toBe("lan");
    expect(office(least).pick().pool[0]).toEqual({ member: "lan", open: 0, available: true });
  });
  it("counts what it hands out", () => expect(inTurn(least, 4)).toEqual(["lan", "minh", "nam", "lan"]));
  it("is what a role without a queue does", () => {
    const given = { roles: { ae: { name: "AE" } } };
    expect(office(given).pick()).toMatchObject({ rule: "process_owner", queue: null, tried: [{ why: "nobody_in" }] });
  });
});

describe("who comes first", () => {
  it("who worked for the role in this run, then the record's owner, in the pool and free", () => {
    expect(office({ workers: { ae: "nam" }, deal: { owner_id: "minh" } }).pick()).toMatchObject({
      rule: "sticky",
      chosen: "nam",
    });
    expect(office({ deal: { owner_id: "minh" } }).pick()).toMatchObject({ rule: "record_owner", chosen: "minh" });
    expect(office({ deal: { owner_id: "mai" } }).pick().chosen).toBe("lan");
    expect(office({ workers: { ae: "nam" }, people: { nam: { absences: [allDay] } } }).pick()).toMatchObject({
      rule: "round_robin",
      chosen: "lan",
    });
    expect(office({ workers: { ae: "nam" } }).pick({ sticky: false }).chosen).toBe("lan");
  });
  it("nobody, when the queue says so", () => {
    const off = { queue: { sticky: "off" as const }, workers: { ae: "nam" }, deal: { owner_id: "minh" } };
    expect(office(off).pick()).toMatchObject({ rule: "round_robin", chosen: "lan" });
    expect(office({ ...off, settings: { pool: { sticky: "run" } } }).pick().chosen).toBe("nam");
  });
  it("who had the record, or something of its account, in any run", () => {
    const held = { "record/ae": "nam", "account/ae": "minh" };
    const with_ = (sticky: "run" | "record" | "account") => office({ queue: { sticky }, held }).pick();
    expect(with_("record")).toMatchObject({ rule: "sticky_record", chosen: "nam" });
    expect(with_("account")).toMatchObject({ rule: "sticky_account", chosen: "minh" });
    expect(with_("run")).toMatchObject({ rule: "round_robin", chosen: "lan" });
    expect(office({ queue: { sticky: "account" }, held: { "account/ae": "mai" } }).pick().chosen).toBe("lan");
  });
});

describe("the record's owner", () => {
  const owner = { queue: { strategy: "record_owner" as const } };
  it("need not be in the pool; while away, who stands in for them has it, and theirs in turn", () => {
    expect(office({ ...owner, deal: { owner_id: "mai" } }).pick()).toMatchObject({
      rule: "record_owner",
      chosen: "mai",
    });
    const away = { absences: [allDay] };
    expect(
      office({
        ...owner,
        deal: { owner_id: "lan" },
        people: { lan: { ...away, backupId: "minh" }, minh: { ...away, backupId: "nam" } },
      }).pick(),
    ).toMatchObject({ rule: "record_owner", chosen: "nam", inFor: "lan" });
    expect(
      office({
        ...owner,
        deal: { owner_id: "lan" },
        people: { lan: { ...away, backupId: "minh" }, minh: { ...away, backupId: "lan" } },
      }).pick(),
    ).toMatchObject({ rule: "process_owner", tried: [{ rule: "record_owner", why: "away" }] });
    expect(
      office({
        ...owner,
        deal: { owner_id: "lan" },
        people: { lan: { ...away, backupId: "minh" }, minh: { active: false } },
      }).pick(),
    ).toMatchObject({ chosen: "mai", tried: [{ why: "away" }] });
  });
  it("of none, or one who has left, the fallback takes it and says why", () => {
    expect(office(owner).pick()).toMatchObject({ chosen: "mai", tried: [{ why: "no_owner" }] });
    expect(
      office({ ...owner, deal: { owner_id: "lan" }, people: { lan: { active: false, backupId: "nam" } } }).pick(),
    ).toMatchObject({ chosen: "mai", tried: [{ why: "inactive" }] });
  });
  it("may stand in another field", () =>
    expect(
      office({ queue: { strategy: "record_owner", ownerField: "opportunity.se_id" }, deal: { se_id: "nam" } }).pick()
        .chosen,
    ).toBe("nam"));
});

describe("pull", () => {
  it("waits in the pool, which is kept; of nobody who could take it ever, the fallback has it", () => {
    const pull = { queue: { strategy: "pull" as const } };
    expect(office(pull).pick()).toMatchObject({ rule: "pull", chosen: null, queue: "pool" });
    expect(office({ ...pull, people: { lan: { absences: [allDay] } }, members: { pool: ["lan"] } }).pick().rule).toBe(
      "pull",
    );
    expect(
      office({ ...pull, members: { pool: ["ghost", "lan"] }, people: { lan: { active: false } } }).pick(),
    ).toMatchObject({ chosen: "mai", tried: [{ rule: "pull_of_nobody", why: "nobody_free" }] });
    expect(office({ ...pull, members: { pool: ["lan"] }, node: { skills: ["tax"] } }).pick().chosen).toBe("mai");
  });
  it("of a fallback says for whom", () => {
    expect(
      office({
        members: { pool: [], open: ["nam"] },
        roles: { ae: { name: "AE", queue: "pool", fallback: "any" }, any: { name: "Anybody", queue: "open" } },
        queues: { open: { role: "any", strategy: "pull" } },
      }).pick(),
    ).toMatchObject({ rule: "pull", queue: "open", role: "any", fallback: "ae" });
  });
});

describe("the manager", () => {
  const lanReportsToMai = { lan: { managerId: "mai" }, minh: { leadId: "nam" }, mai: { managerId: "mai" } };
  const of = (managerOf: string | undefined, more: Given = {}) =>
    office({
      queue: { strategy: "manager", ...(managerOf && { managerOf }) },
      people: lanReportsToMai,
      owner: "minh",
      deal: { owner_id: "lan", se_id: "minh" },
      ...more,
    }).pick();
  it("of the owner, of who did the last step, of the person in a field; else who leads their team", () => {
    expect(of(undefined)).toMatchObject({ rule: "manager", chosen: "mai", said: { text: "owner", result: "lan" } });
    expect(of("owner").chosen).toBe("mai");
    expect(of("worker", { lastHuman: "lan" }).chosen).toBe("mai");
    expect(of("opportunity.se_id")).toMatchObject({
      chosen: "nam",
      said: { text: "opportunity.se_id", result: "minh" },
    });
  });
  it("of nobody, or of one without a manager, is the fallback's", () => {
    expect(of("worker")).toMatchObject({ chosen: "minh", tried: [{ rule: "manager", why: "no_owner" }] });
    expect(of("worker", { lastHuman: "mai" })).toMatchObject({
      chosen: "minh",
      tried: [{ rule: "manager", why: "no_manager", said: { text: "worker", result: "mai" } }],
    });
  });
  it("a queue of a manager by its name takes the owner's, else the first who is free", () => {
    const named = (deal: Values) =>
      office({
        people: lanReportsToMai,
        deal,
        roles: { ae: { name: "Manager", queue: "manager_of_owner" } },
        queues: { manager_of_owner: { role: "ae", strategy: "named" } },
        members: { manager_of_owner: ["nam", "minh"] },
      }).pick();
    expect(named({ owner_id: "lan" })).toMatchObject({ rule: "manager_of_owner", chosen: "mai" });
    expect(named({})).toMatchObject({ rule: "named", chosen: "nam" });
    expect(
      office({ queue: { strategy: "named" }, deal: { owner_id: "lan" }, people: lanReportsToMai }).pick(),
    ).toMatchObject({
      rule: "named",
      chosen: "lan",
    });
  });
});

describe("territories", () => {
  const territories = [
    { name: "Giants", when: "opportunity.contact_count > 1000000", to: "boss" },
    { name: "North", field: "opportunity.next_step", values: ["Hà Nội", "HẢI PHÒNG"], to: "NAM@example.com" },
    {
      name: "South",
      field: "opportunity.next_step",
      values: ["Cần Thơ"],
      when: "opportunity.contact_count > 100",
      to: "pool_south",
    },
    { field: "opportunity.next_step", values: ["Huế"], to: "long-gone" },
    { field: "opportunity.next_step", values: ["Sa Pa"], when: "((", to: "lan" },
  ];
  const of = (deal: Values, more: Given = {}) =>
    office({
      queue: { strategy: "territory", territories },
      members: { pool_south: ["minh"] },
      settings: { pool_south: { strategy: "round_robin" } },
      deal,
      owner: "lan",
      ...more,
    }).pick();
  it("the first rule that counts, with what it read; a person, a role or a queue, which picks in its own way", () => {
    expect(of({ contact_count: 2_000_000, next_step: "Hà Nội" })).toMatchObject({
      rule: "least_loaded",
      role: "boss",
      chosen: "mai",
      said: { rule: 1, name: "Giants", result: "boss" },
    });
    expect(of({ contact_count: 5, next_step: " hải phòng" })).toMatchObject({
      rule: "territory",
      queue: "pool",
      chosen: "nam",
      said: { rule: 2, name: "North", inputs: { "opportunity.next_step": " hải phòng" }, result: "nam" },
    });
    expect(of({ contact_count: 500, next_step: "Cần Thơ" })).toMatchObject({
      rule: "round_robin",
      queue: "pool_south",
      chosen: "minh",
      turn: 1,
      said: { rule: 3 },
    });
  });
  it("no rule, a rule that names one who is gone, one that cannot be read: the fallback, and why", () => {
    expect(of({ contact_count: 50, next_step: "Cần Thơ" })).toMatchObject({
      chosen: "lan",
      tried: [{ why: "no_rule" }],
    });
    expect(of({ contact_count: 50 })).toMatchObject({ tried: [{ rule: "territory", why: "no_rule" }] });
    expect(of({ contact_count: 50, next_step: "Huế" })).toMatchObject({
      chosen: "lan",
      tried: [{ why: "unknown", said: { rule: 4, result: "long-gone" } }],
    });
    expect(of({ next_step: "Sa Pa" })).toMatchObject({ tried: [{ why: "no_rule" }] });
    expect(of({ next_step: "Hà Nội" }, { people: { nam: { active: false } } })).toMatchObject({
      chosen: "lan",
      tried: [{ why: "inactive", said: { rule: 2 } }],
    });
  });
  it("a queue that is led to and has nobody: both are told", () => {
    expect(of({ contact_count: 500, next_step: "Cần Thơ" }, { people: { minh: { active: false } } })).toMatchObject({
      chosen: "lan",
      tried: [{ queue: "pool_south", rule: "round_robin", why: "nobody_free" }],
    });
  });
  it("queues that lead to each other come to an end", () => {
    const round = [{ to: "other" }];
    expect(
      office({
        queue: { strategy: "territory", territories: round },
        queues: { other: { role: "ae", strategy: "territory", territories: [{ to: "pool" }] } },
      }).pick(),
    ).toMatchObject({ chosen: "mai", tried: [{ queue: "other", why: "in_a_circle" }] });
  });
  it("a decision table says who; the rules are for what it has none for", () => {
    const tables = {
      areas: {
        name: "Areas",
        hitPolicy: "first",
        inputs: ["opportunity.next_step"],
        outputs: ["who"],
        rules: [
          { when: ['"Đà Nẵng"'], then: ["minh"] },
          { when: ['"Vinh"'], then: [7] },
        ],
      },
    };
    const by = (region: string) =>
      of({ next_step: region }, { tables, queue: { strategy: "territory", territories, territoryTable: "areas" } });
    expect(by("Đà Nẵng")).toMatchObject({
      rule: "territory",
      chosen: "minh",
      said: { rule: 1, name: "Areas", inputs: { "opportunity.next_step": "Đà Nẵng" }, result: "minh" },
    });
    expect(by("Vinh")).toMatchObject({ chosen: "lan", tried: [{ why: "not_a_person" }] });
    expect(by("Hà Nội").chosen).toBe("nam");
    expect(
      of(
        { next_step: "Đà Nẵng" },
        {
          tables,
          queue: { strategy: "territory", territoryTable: "areas" },
          settings: { pool: { territories: [{ to: "nam" }] } },
        },
      ).chosen,
    ).toBe("nam");
  });
});

describe("an expression", () => {
  const who = (text: string, more: Given = {}) =>
    office({
      queue: { strategy: "expression", who: text },
      deal: { owner_id: "minh", contact_count: 5 },
      ...more,
    }).pick();
  it("gives a person by id or e-mail, a role or a queue", () => {
    expect(who('if opportunity.contact_count > 3 then "nam" else "lan"')).toMatchObject({
      rule: "expression",
      chosen: "nam",
      said: { inputs: { "opportunity.contact_count": 5 }, result: "nam" },
    });
    expect(who('" Lan@Example.com "')).toMatchObject({ chosen: "lan", said: { result: "lan" } });
    expect(who('"boss"')).toMatchObject({ chosen: "mai", rule: "least_loaded", role: "boss" });
    expect(who('"second"', { members: { second: ["nam"] } })).toMatchObject({ chosen: "nam", queue: "second" });
    expect(who("opportunity.owner_id").chosen).toBe("minh");
  });
  it.each([
    ["null", "no_answer"],
    ['""', "no_answer"],
    ["1 + 1", "not_a_person"],
    ['["lan"]', "not_a_person"],
    ['"somebody@elsewhere.example"', "unknown"],
    ["opportunity.nothing", "no_answer"],
    ["((", "no_answer"],
  ])("%s names nobody: the fallback takes it", (text, why) => {
    expect(who(text)).toMatchObject({ rule: "process_owner", chosen: "mai", tried: [{ rule: "expression", why }] });
  });
  it("who worked on it before comes first only when the queue says so", () => {
    expect(who('"nam"', { workers: { ae: "lan" } }).chosen).toBe("nam");
    const sticky = { strategy: "expression" as const, who: '"nam"', sticky: "run" as const };
    expect(office({ queue: sticky, workers: { ae: "lan" } }).pick().chosen).toBe("lan");
    expect(office({ queue: sticky, deal: { owner_id: "lan" } }).pick().chosen).toBe("nam");
  });
});

describe("the way to somebody", () => {
  it("the fallbacks in turn, then the process owner or their stand-in, then an admin", () => {
    const nobodyIn = { members: { pool: [] } };
    const roles = {
      ae: { name: "AE", queue: "pool", fallback: "second" },
      second: { name: "Second", fallback: "boss" },
      boss: { name: "Boss" },
    };
    expect(office({ ...nobodyIn, roles }).pick()).toMatchObject({
      rule: "least_loaded",
      role: "boss",
      chosen: "mai",
      fallback: "ae",
      tried: [
        { role: "ae", why: "nobody_in" },
        { role: "second", why: "nobody_in" },
      ],
    });
    expect(office({ ...nobodyIn, owner: "lan" }).pick()).toMatchObject({ rule: "process_owner", chosen: "lan" });
    expect(
      office({ ...nobodyIn, owner: "lan", people: { lan: { absences: [allDay], backupId: "minh" } } }).pick(),
    ).toMatchObject({ rule: "process_owner", chosen: "minh", inFor: "lan" });
    expect(office({ ...nobodyIn, owner: null, admins: ["minh"] }).pick()).toMatchObject({
      rule: "admin",
      chosen: "minh",
      fallback: "ae",
      queue: "pool",
      role: "ae",
    });
    expect(
      office({ ...nobodyIn, owner: "lan", people: { lan: { active: false } }, admins: ["nam"] }).pick().chosen,
    ).toBe("nam");
  });
  it("all of them away: it waits for the first who works here", () => {
    const away = { absences: [allDay] };
    expect(
      office({ members: { pool: [] }, owner: "lan", admins: ["mai"], people: { lan: away, mai: away } }).pick(),
    ).toMatchObject({ rule: "process_owner", chosen: "lan" });
    expect(
      office({
        members: { pool: [] },
        owner: "lan",
        admins: ["mai"],
        people: { lan: { ...away, active: false }, mai: away },
      }).pick(),
    ).toMatchObject({ rule: "admin", chosen: "mai" });
    expect(office({ members: { pool: [] }, owner: null, admins: [] }).pick()).toMatchObject({
      rule: "nobody",
      chosen: null,
    });
  });
  it("a circle of fallbacks comes to an end", () => {
    const roles = { ae: { name: "AE", fallback: "b" }, b: { name: "B", fallback: "ae" } };
    expect(office({ roles }).pick()).toMatchObject({ chosen: "mai", tried: [{ role: "ae" }, { role: "b" }] });
  });
  it("nobody approves their own request, nor what they did the step before, unless the step allows it", () => {
    const approval = (config: Record<string, unknown> = {}, more: Given = {}) =>
      office({ node: { kind: "approval", config }, deal: { owner_id: "lan" }, lastHuman: "minh", ...more }).pick();
    expect(approval()).toMatchObject({ chosen: "nam", pool: [{ reason: "own" }, { reason: "own" }, {}] });
    expect(approval({ selfApproval: "allow" }).chosen).toBe("lan");
    expect(approval({}, { members: { pool: ["lan"] }, owner: "lan", admins: ["lan", "nam"] })).toMatchObject({
      rule: "admin",
      chosen: "nam",
    });
  });
  it("somebody else than who has it", () => {
    expect(office().pick({ not: "lan" })).toMatchObject({ chosen: "minh", pool: [{ reason: "has_it" }, {}, {}] });
  });
});
