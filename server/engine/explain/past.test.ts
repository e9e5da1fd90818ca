/** The past as it is folded from the log, and the layer in which what is looked at leaves no trace. */
import { describe, expect, it } from "vitest";
import { mapRecords } from "@/server/commands/load-world.ts";
import { bareWorld } from "@/tests/support/bare-world.ts";
import type { StoredEvent } from "../events.ts";
import type { EngineRecord } from "../model.ts";
import { layerOver } from "../layer.ts";
import { worldApart } from "./looking.ts";
import { instantOfEvent, livedEvents, recordsUntil, runUntil, runsBefore } from "./past.ts";

type Fact = { seq: number; type: string; data: object; of?: string; run?: string; due?: number; cause?: string };
const facts = (...all: Fact[]): StoredEvent[] =>
  all.map(
    ({ seq, type, data, of, run, due, cause = null }) =>
      ({
        seq,
        type,
        data,
        at: seq * 10,
        version: seq,
        cause,
        actor: { kind: "system" },
        workspaceId: "ws",
        hash: "",
        stream: of ? { kind: "record", id: of } : { kind: "run", id: run ?? "run_1" },
        ...(due !== undefined && { due }),
      }) as StoredEvent,
  );
const record = (id: string, values: EngineRecord["values"] = {}, more: Partial<EngineRecord> = {}): EngineRecord => ({
  type: "lead",
  id,
  version: 9,
  createdAt: 5,
  values,
  ...more,
});
const known = (...all: EngineRecord[]) => mapRecords(new Map(all.map((one) => [one.id, one])));

it("an event counts when it was due, else when it was written", () => {
  expect([instantOfEvent({ at: 9 }), instantOfEvent({ at: 9, due: 4 })]).toEqual([9, 4]);
});

describe("records as they were", () => {
  const log = facts(
    { seq: 1, type: "RecordCreated", of: "a", data: { type: "lead", values: { name: "A" } }, due: 3 },
    { seq: 2, type: "TokenLeft", data: {} },
    {
      seq: 3,
      type: "RecordChanged",
      of: "a",
      data: { type: "lead", changes: { name: { from: "A", to: "B" }, size: { from: null, to: 5 } } },
    },
    { seq: 4, type: "RecordLocked", of: "a", data: { run: "run_7" } },
    { seq: 5, type: "RecordChanged", of: "a", data: { type: "lead", changes: { size: { from: 5, to: 6 } } } },
    { seq: 6, type: "RecordLocked", of: "a", data: { run: null } },
    { seq: 7, type: "RecordCreated", of: "b", data: { type: "account", values: {} } },
    { seq: 8, type: "RecordDeleted", of: "a", data: {} },
    { seq: 9, type: "RecordMerged", of: "b", data: {} },
  );
  const at = (seq: number, now = known()) => recordsUntil(log, (e) => e.seq <= seq, now);

  it("follow what was made, changed, locked, merged and deleted up to then", () => {
    const made = { type: "lead", id: "a", createdAt: 3 };
    expect(at(0).has("a")).toBe(false);
    expect(at(1).get("a")).toEqual({ ...made, version: 1, values: { name: "A" } });
    expect(at(3).get("a")).toEqual({ ...made, version: 3, values: { name: "B", size: 5 } });
    expect(at(4).get("a")).toEqual({ ...made, version: 4, values: { name: "B", size: 5 }, lockedBy: "run_7" });
    expect(at(5).get("a")).toEqual({ ...made, version: 5, values: { name: "B", size: 6 }, lockedBy: "run_7" });
    expect(at(6).get("a")).toEqual({ ...made, version: 6, values: { name: "B", size: 6 } });
    expect([...at(7).values()].map(({ id }) => id)).toEqual(["a", "b"]);
    expect([...at(8).values()].map(({ id }) => id)).toEqual(["b"]);
    expect([...at(9).values()]).toEqual([]);
  });

  it("whose log is not at hand stay as they are; those of it that are not made yet are not there", () => {
    const now = known(record("a", { name: "Z" }), record("c", { name: "C" }));
    expect(at(0, now).get("c")).toEqual(record("c", { name: "C" }));
    expect(at(0, now).has("a")).toBe(false);
    // The beginning of one that was taken over lies elsewhere: it is as it is now, with what was changed.
    const taken = recordsUntil(
      facts({
        seq: 3,
        type: "RecordChanged",
        of: "a",
        data: { type: "lead", changes: { size: { from: null, to: 5 } } },
      }),
      () => true,
      now,
    );
    expect(taken.get("a")).toEqual({ type: "lead", id: "a", createdAt: 5, version: 3, values: { name: "Z", size: 5 } });
    const nowhere = recordsUntil(
      facts(
        { seq: 3, type: "RecordChanged", of: "x", data: { type: "lead", changes: {} }, due: 8 },
        { seq: 4, type: "RecordLocked", of: "y", data: { run: "run_7" } },
      ),
      () => true,
      known(),
    );
    expect(nowhere.get("x")).toMatchObject({ createdAt: 8, values: {} });
    expect(nowhere.has("y")).toBe(false);
    nowhere.set("new", record("new"));
    expect(nowhere.has("new")).toBe(true);
  });
});

describe("the run as it was", () => {
  const begun = {
    workspaceId: "ws",
    process: "care",
    version: 1,
    recordType: "lead",
    recordId: "a",
    trigger: { event: "manual", at: 0 },
    parent: null,
    variables: {},
    related: {},
  };
  const log = facts(
    { seq: 1, type: "RecordCreated", of: "a", data: { type: "lead", values: {} } },
    { seq: 2, type: "RunStarted", data: begun },
    { seq: 3, type: "TokenEntered", data: { token: "t1", node: "call", edge: null, counters: {} } },
    { seq: 4, type: "RecordChanged", of: "a", data: { type: "lead", changes: {} } },
    { seq: 5, type: "TokenLeft", data: { token: "t1", node: "call", port: "done", edges: [] } },
  );

  it("is folded up to an event, whatever records did meanwhile", () => {
    const tokens = (until: number) => {
      const run = runUntil(log, (e) => e.seq <= until);
      return run && Object.keys(run.tokens);
    };
    expect([0, 1, 2, 3, 4, 5].map(tokens)).toEqual([null, null, [], ["t1"], ["t1"], []]);
  });

  it("is known before each event that is asked for", () => {
    const before = runsBefore(log, [2, 3, 4, 5]);
    expect([...before].map(([seq, run]) => [seq, Object.keys(run.tokens)])).toEqual([
      [3, []],
      [5, ["t1"]],
    ]);
  });

  it("is told without what an undo has taken back; what happened to records stays, and so does the undo", () => {
    const undone = facts(
      { seq: 1, type: "RunStarted", data: begun, cause: "c1" },
      { seq: 2, type: "WorkCompleted", data: { work: "w0" }, cause: "c2" },
      { seq: 3, type: "TokenLeft", data: {}, cause: "c2" },
      { seq: 4, type: "RecordChanged", of: "a", data: {}, cause: "c3" },
      { seq: 5, type: "RecordChanged", of: "a", data: {}, cause: "c4" },
      { seq: 6, type: "WorkCompleted", data: { work: "w1" }, cause: "c4" },
      { seq: 7, type: "TokenEntered", data: {}, cause: "c4" },
      { seq: 8, type: "WorkUndone", data: { work: "w1" }, cause: "c5" },
      { seq: 9, type: "WorkUndone", data: { work: "w9" }, cause: "c6" },
    );
    expect(livedEvents(undone).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 8, 9]);
  });
});

describe("a layer", () => {
  const below = known(record("a", { name: "A" }), record("b", { name: "B" }));

  it("shows its own records over those below and leaves these as they are", () => {
    const layer = layerOver(below);
    layer.set("a", record("a", { name: "changed" }));
    layer.set("c", record("c", { name: "C" }));
    expect([layer.has("a"), layer.has("b"), layer.has("c"), layer.has("d")]).toEqual([true, true, true, false]);
    expect([...layer.values()].map(({ id, values }) => `${id} ${String(values.name)}`)).toEqual([
      "a changed",
      "b B",
      "c C",
    ]);
    expect([layer.get("b")?.values, layer.get("d")]).toEqual([{ name: "B" }, undefined]);
    expect([...below.values()].map(({ id, values }) => `${id} ${String(values.name)}`)).toEqual(["a A", "b B"]);
  });

  it("of a world knows the newest of what refers to a record, with what is tried in it", () => {
    const deal = (id: string, createdAt: number, account_id: string) =>
      record(id, { account_id }, { type: "opportunity", createdAt });
    const old = [deal("o1", 5, "acc"), deal("o2", 7, "acc"), deal("o3", 7, "acc")];
    const under = bareWorld(known(...old, deal("o4", 9, "other"), record("l1", { account_id: "acc" })));
    const world = worldApart({ ...under, newest: (type, to) => (type === "opportunity" && to === "acc" ? old : []) });
    expect(world.newest("opportunity", "acc").map(({ id }) => id)).toEqual(["o3", "o2", "o1"]);
    world.records.set("o5", deal("o5", 8, "acc"));
    world.records.set("o1", { ...old[0]!, version: 10 });
    world.records.set("o6", deal("o6", 20, "other"));
    expect(world.newest("opportunity", "acc").map(({ id, version }) => `${id} ${version}`)).toEqual([
      "o5 9",
      "o3 9",
      "o2 9",
      "o1 10",
    ]);
    world.directory.open.set("lan", 3);
    world.directory.turns.set("ae", "lan" as never);
    expect([under.directory.open.size, under.directory.turns.size, under.records.has("o5")]).toEqual([0, 0, false]);
  });
});
