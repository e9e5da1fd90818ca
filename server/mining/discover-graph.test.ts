import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLogCsv } from "@/server/interop/csv/read-log-csv.ts";
import { type EventLog } from "@/server/interop/log.ts";
import { type DiscoveredGraph, discoverGraph } from "./discover-graph.ts";

const logs = path.join(process.cwd(), "..", "shared", "data", "event-logs");

describe("a graph discovered from a log", () => {
  it("draws what mostly happens and leaves the rare shortcut out", () => {
    const graph = discoverGraph(logOf(...Array.from({ length: 60 }, () => "lead call quote won"), "lead won"), {
      edgeShare: 0.05,
    });
    expect(graph.edges.map(drawn)).toEqual(["call>quote 60", "lead>call 60", "quote>won 60"]);
    expect([graph.starts, graph.ends]).toEqual([[{ name: "lead", count: 61 }], [{ name: "won", count: 61 }]]);
    expect(graph.dropped).toEqual({ activities: 0, edges: 1, transitions: 1 });
  });

  it("keeps a rare step connected by its best way in and out", () => {
    const graph = discoverGraph(logOf(...Array.from({ length: 99 }, () => "lead won"), "lead legal won"), {
      edgeShare: 0.1,
    });
    expect(graph.edges.map(drawn)).toEqual(["lead>won 99", "lead>legal 1", "legal>won 1"]);
  });

  it("skips over rare activities so that their neighbours join", () => {
    const graph = discoverGraph(logOf(...Array.from({ length: 9 }, () => "lead won"), "lead typo won"), {
      activityShare: 0.2,
    });
    expect(graph.activities.map(({ name }) => name)).toEqual(["lead", "won"]);
    expect(graph.edges.map(drawn)).toEqual(["lead>won 10"]);
    expect(graph.dropped.activities).toBe(1);
  });

  it("is empty for an empty log", () => {
    expect(discoverGraph({ events: [], cases: new Map() })).toMatchObject({
      activities: [],
      edges: [],
      starts: [],
      ends: [],
    });
  });

  it("leads from a start through every activity to an end, whatever the log and the thresholds", () => {
    const paths = fc.array(fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 20,
    });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(paths, share, share, (cases, activityShare, edgeShare) => {
        const graph = discoverGraph(logOf(...cases.map((one) => one.join(" "))), { activityShare, edgeShare });
        expect(withoutWay(graph)).toEqual([]);
      }),
    );
  });
});

describe.runIf(existsSync(logs))("the bank's graph", () => {
  it("keeps the frequent transitions and what connects the rare fraud check", async () => {
    const reading = await readLogCsv(readFileSync(path.join(logs, "bpic2012-early.csv.gz")));
    if (!reading.ok) throw new Error(reading.problem.text);
    const graph = discoverGraph(reading.log);
    expect(graph.activities.length).toBe(23);
    expect(graph.starts).toEqual([{ name: "A_SUBMITTED", count: 3760 }]);
    // The frequent ones of its 132 kinds of transition carry nearly all of the traffic.
    const carried = graph.edges.reduce((sum, edge) => sum + edge.count, 0);
    expect(
      graph.edges.every(
        (edge) => edge.count >= 75 || edge.to === "W_Beoordelen fraude" || edge.from === "W_Beoordelen fraude",
      ),
    ).toBe(true);
    expect(carried / (48_705 - 3_760)).toBeGreaterThan(0.95);
    expect(withoutWay(graph)).toEqual([]);
  });
});

/** Activities that cannot be reached from a start, or from which no end can be. */
function withoutWay({ activities, edges, starts, ends }: DiscoveredGraph): string[] {
  const from = reach(
    starts.map(({ name }) => name),
    edges.map(({ from, to }) => [from, to]),
  );
  const to = reach(
    ends.map(({ name }) => name),
    edges.map(({ from, to }) => [to, from]),
  );
  return activities.map(({ name }) => name).filter((name) => !from.has(name) || !to.has(name));
}

function reach(begin: string[], arcs: [string, string][]): Set<string> {
  const reached = new Set(begin);
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const [from, to] of arcs) if (reached.has(from)) reached.add(to);
  }
  return reached;
}

const drawn = ({ from, to, count }: { from: string; to: string; count: number }) => `${from}>${to} ${count}`;

const logOf = (...cases: string[]): EventLog => ({
  events: cases.flatMap((path, i) =>
    path.split(" ").map((activity, at) => ({ caseId: `case ${i}`, activity, at, attributes: {} })),
  ),
  cases: new Map(),
});
