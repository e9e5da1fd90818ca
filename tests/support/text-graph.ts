/**
 * A process as a few lines of text, for stories about flow:
 *
 *   ask:task role=ae                 a node: id, kind, and fields of the node or of its config
 *   ask -> size                      a connection
 *   size -> boss when run.n > 5      with a condition, `otherwise`, or `size.port -> boss`
 *
 * Values are JSON where they read as JSON, else text. A start node that no line names is made: by hand.
 */
import { type Process, processSchema } from "@/server/engine/process.ts";

type Extra = Partial<Record<keyof Process, unknown>>;
const ofNode = new Set([
  "name",
  "role",
  "form",
  "slas",
  "entryCriteria",
  "skipWhen",
  "decisionTables",
  "actions",
  "onComplete",
  "boundary",
]);

export function textGraph(key: string, text: string, extra: Extra = {}): Process {
  const nodes: Record<string, unknown>[] = [];
  const edges: Record<string, unknown>[] = [];
  for (const line of text.split("\n").map((l) => l.trim())) {
    if (!line) continue;
    const edge = /^(\w+)(?:\.(\w+))? -> (\w+)(?: (otherwise)| when (.+))?$/.exec(line);
    if (edge) {
      const [, from, port, to, otherwise, when] = edge;
      edges.push({
        id: `e${edges.length + 1}`,
        from,
        to,
        ...(port && { port }),
        ...(otherwise && { otherwise: true }),
        ...(when && { when }),
      });
      continue;
    }
    const node = /^(\w+):(\w+)(.*)$/.exec(line);
    if (!node) throw new Error(`not a line of a graph: ${line}`);
    const [, id, kind, rest = ""] = node;
    const made: Record<string, unknown> = { id, kind, name: id };
    const config: Record<string, unknown> = {};
    for (const [, name = "", value = ""] of rest.matchAll(
      / (\w+)=(\[.*?\](?= \w+=|$)|\{.*?\}(?= \w+=|$)|"[^"]*"|\S+)/g,
    ))
      (ofNode.has(name) ? made : config)[name] = read(value);
    nodes.push({ ...made, config });
  }
  if (!nodes.some((n) => n.kind === "start")) nodes.unshift({ id: "start", kind: "start", name: "Start", config: {} });
  return processSchema.parse({
    key,
    name: key,
    recordType: "opportunity",
    roles: { ae: { name: "Account executive" }, manager: { name: "Manager" } },
    variables: { answer: { type: "picklist", values: ["none", "yes", "no"], default: "none" }, n: { type: "integer" } },
    ...extra,
    nodes,
    edges,
  });
}

function read(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
