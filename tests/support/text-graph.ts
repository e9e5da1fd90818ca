/**
 * Processes in a few lines of text, for stories about flow:
 *
 *   ask:task                       a node and its kind; `start` and `end` kinds may be left out where the id says so
 *   size:decision
 *   nap:wait for=duration duration=PT2H
 *   each:for_each list={run.names} as=name     a value with spaces or dots stands in braces
 *   ask:task in=each               stands inside another node
 *   start -> ask -> size           edges; `a.port -> b` leaves by a port
 *   size -> big [lead.fit_score > 50]
 *   size -> done otherwise
 *   check -> ask otherwise max 3   a rework edge that may be taken three times
 */
import type { Plain } from "@/server/engine/model.ts";

type More = { nodes?: Record<string, object>; [part: string]: unknown };

const node = /^(\w+):(\w+)((?:\s+\w+=(?:\{[^}]*\}|\S+))*)$/;
const setting = /(\w+)=(?:\{([^}]*)\}|(\S+))/g;
const edge = /^([\w.]+(?:\s*->\s*[\w.]+)+)\s*(?:\[(.*)\]|(otherwise))?\s*(?:max (\d+))?$/;
const value = (text: string): Plain =>
  text === "true" || text === "false" ? text === "true" : /^\d+$/.test(text) ? Number(text) : text;

/** A process document over leads. `more`: parts the text has no words for, and `nodes` what a node has besides its config. */
export function textGraph(key: string, text: string, { nodes: extra = {}, ...more }: More = {}): object {
  const nodes = new Map<
    string,
    { id: string; kind: string; name: string; config: Record<string, Plain>; in?: string }
  >();
  const edges: object[] = [];
  const known = (id: string) => {
    const kind = id === "start" ? "start" : "end";
    if (!nodes.has(id)) nodes.set(id, { id, kind, name: id, config: kind === "end" ? { outcome: "success" } : {} });
    return id;
  };
  for (const line of text.split("\n").map((one) => one.trim())) {
    const drawn = node.exec(line);
    if (drawn) {
      const { in: owner, ...config } = Object.fromEntries(
        [...(drawn[3] ?? "").matchAll(setting)].map(([, key, text, word]) => [key!, text ?? value(word!)]),
      );
      nodes.set(drawn[1]!, {
        id: drawn[1]!,
        kind: drawn[2]!,
        name: drawn[1]!,
        config,
        ...(typeof owner === "string" && { in: owner }),
      });
      continue;
    }
    const path = edge.exec(line);
    if (!path && line) throw new Error(`cannot read “${line}”`);
    const stops = path?.[1]?.split("->").map((one) => one.trim()) ?? [];
    stops.slice(1).forEach((to, i) => {
      const [from = "", port] = stops[i]!.split(".");
      edges.push({
        id: `e${edges.length + 1}`,
        from: known(from),
        to: known(to.split(".")[0]!),
        ...(port && { port }),
        ...(path?.[2] && { when: path[2] }),
        ...(path?.[3] && { otherwise: true }),
        ...(path?.[4] && { rework: true, cap: Number(path[4]) }),
      });
    });
  }
  return {
    key,
    name: key,
    recordType: "lead",
    roles: { ae: { name: "Account executive" }, manager: { name: "Manager" } },
    ...more,
    nodes: [...nodes.values()].map((one) => {
      const kind = one.kind === "task" || one.kind === "approval";
      return { ...one, ...(kind && { role: "ae" }), ...extra[one.id] };
    }),
    edges,
  };
}
