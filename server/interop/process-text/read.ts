/**
 * Process text (YAML or JSON) to a process. Either the whole document or nothing: a wrong key, a wrong value, two nodes of one
 * name or a connection to nowhere refuse the file. What a draft may hold (FEEL that does not parse, a setting its step kind
 * does not take) is reported beside the process that was read.
 */
import { isMap } from "yaml";
import { compile, compileUnaryTests } from "@/server/engine/expression/index.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import type { FileProblem } from "./file-problem.ts";
import { parseYaml, type Parsed } from "./parse-yaml.ts";
import { sentenceOf } from "./schema-sentences.ts";
import { configSchemaOf } from "./shape.ts";
import { hint, say, take, type Taken } from "./take.ts";

/** `problems` beside a process: its errors keep it from being published, not from being a draft. */
export type ReadProcess =
  | { ok: true; process: Process; problems: FileProblem[] }
  | { ok: false; problems: FileProblem[] };

export function readProcess(input: string | Uint8Array): ReadProcess {
  const parsed = parseYaml(input);
  return parsed.ok ? readParsed(parsed) : parsed;
}

export function readParsed({ root, place }: Extract<Parsed, { ok: true }>): ReadProcess {
  const taken: Taken = { place, problems: [], offsets: new Map(), expressions: [] };
  if (!isMap(root)) {
    say(
      taken,
      [],
      "FILE_OF_ANOTHER_KIND",
      "This is not a process: it should begin with key, name and record_type. Nothing was read.",
      root.range?.[0],
    );
    return { ok: false, problems: taken.problems };
  }
  const plain = take(root, processSchema, [], taken);
  const result = processSchema.safeParse(plain);
  if (!result.success)
    for (const issue of result.error.issues)
      if (!alreadySaid(taken, issue.path))
        say(
          taken,
          issue.path,
          issue.code === "invalid_type" && isAbsent(plain, issue.path) ? "MISSING_KEY" : "WRONG_VALUE",
          sentenceOf(issue, plain),
        );
  if (!result.success || taken.problems.length > 0) return { ok: false, problems: inOrder(taken.problems) };

  identities(result.data, taken);
  if (taken.problems.length > 0) return { ok: false, problems: inOrder(taken.problems) };
  settings(result.data, taken);
  expressions(result.data, taken);
  return { ok: true, process: result.data, problems: inOrder(taken.problems) };
}

/** An action of an unknown verb was refused by name; that it is no action at all need not be said again. */
const alreadySaid = (taken: Taken, path: readonly PropertyKey[]) =>
  taken.problems.some((p) => p.path === path.map(String).join("/"));

function isAbsent(plain: unknown, path: readonly PropertyKey[]): boolean {
  let value = plain;
  for (const key of path) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return value === undefined;
}

const inOrder = (problems: FileProblem[]) =>
  [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)).slice(0, 100);

function identities(process: Process, taken: Taken): void {
  const nodes = new Set<string>();
  process.nodes.forEach(({ id }, i) => {
    if (nodes.has(id))
      say(taken, ["nodes", i, "id"], "DUPLICATE_ID", `Two nodes have the id “${id}”. Give one of them another.`);
    nodes.add(id);
  });
  const edges = new Set<string>();
  process.edges.forEach((edge, i) => {
    if (edges.has(edge.id))
      say(
        taken,
        ["edges", i, "id"],
        "DUPLICATE_ID",
        `Two connections have the id “${edge.id}”. Give one of them another.`,
      );
    edges.add(edge.id);
    for (const end of ["from", "to"] as const) {
      if (!nodes.has(edge[end]))
        say(
          taken,
          ["edges", i, end],
          "DANGLING_EDGE",
          `This connection ${end === "from" ? "starts at" : "leads to"} “${edge[end]}”, which does not exist${hint(edge[end], nodes)}.`,
        );
    }
  });
}

function settings(process: Process, taken: Taken): void {
  process.nodes.forEach((node, i) => {
    const parsed = configSchemaOf(node.kind)?.safeParse(node.config);
    for (const issue of parsed?.error?.issues ?? [])
      say(
        taken,
        ["nodes", i, "config", ...issue.path],
        "BAD_SETTING",
        `“${node.name || node.id}”: ${sentenceOf(issue, node.config)}`,
      );
  });
}

function expressions(process: Process, taken: Taken): void {
  for (const { path, text } of taken.expressions) {
    if (!text.trim()) continue;
    const result = compile(text);
    if (!result.ok)
      say(
        taken,
        path.split("/"),
        "BAD_EXPRESSION",
        `The expression “${short(text)}” cannot be read: ${result.problems[0]?.text ?? "something is missing"}`,
      );
  }
  for (const [key, table] of Object.entries(process.decisionTables)) {
    table.rules.forEach((rule, i) => {
      rule.when.forEach((cell, j) => {
        const result = compileUnaryTests(cell);
        if (!result.ok)
          say(
            taken,
            ["decisionTables", key, "rules", i, "when", j],
            "BAD_EXPRESSION",
            `The cell “${short(cell)}” cannot be read: ${result.problems[0]?.text ?? "something is missing"}`,
          );
      });
    });
  }
}

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
