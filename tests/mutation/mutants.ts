/**
 * All mutants of a file in one text: each changed place asks `__mutate(number)` whether its mutant is the one in force, so that
 * a file is transformed once and its mutants are switched while the tests run. What asked at all is covered.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "vitest/node";

/** `is` stands from `start` to `end` instead of what was there. */
export type Mutant = { id: number; file: string; line: number; start: number; end: number; was: string; is: string };
type Node = { type: string; start: number; end: number; [part: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string" && "start" in value;

const swaps: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "==": ["!="],
  "!=": ["=="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
};
const methods: Readonly<Record<string, string | null>> = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  startsWith: "endsWith",
  endsWith: "startsWith",
  toLowerCase: "toUpperCase",
  toUpperCase: "toLowerCase",
  // Left out altogether.
  filter: null,
  sort: null,
  reverse: null,
  slice: null,
  trim: null,
};

/** Of files one after the other: the mutants of one are numbered on from those of the last. */
export function switchableFiles(
  root: string,
  files: readonly string[],
): { codes: Map<string, string>; mutants: Mutant[] } {
  const mutants: Mutant[] = [];
  const codes = new Map<string, string>();
  for (const file of files) {
    const found = switchable(readFileSync(path.join(root, file), "utf8"), file, mutants.length);
    codes.set(path.join(root, file), found.code);
    mutants.push(...found.mutants);
  }
  return { codes, mutants };
}

/** `before`: how many mutants have a number already. */
export function switchable(source: string, file: string, before = 0): { code: string; mutants: Mutant[] } {
  const mutants: Mutant[] = [];
  const raw = (node: Node) => source.slice(node.start, node.end);
  const number = (node: Node, is: string): number => {
    const line = source.slice(0, node.start).split("\n").length;
    const id = before + mutants.length + 1;
    mutants.push({ id, file, line, start: node.start, end: node.end, was: raw(node), is });
    return id;
  };

  /** Texts that may stand in the node's place. */
  function changes(node: Node, parent: Node | null, spine: boolean): string[] {
    const tests: string[] = [];
    const isTest =
      parent !== null &&
      parent.test === node &&
      ["IfStatement", "ConditionalExpression", "WhileStatement", "ForStatement"].includes(parent.type);
    if (isTest)
      tests.push(
        ...(parent.type.endsWith("Expression") || parent.type === "IfStatement" ? ["true", "false"] : ["false"]),
      );
    if (spine) return tests;
    switch (node.type) {
      case "BinaryExpression":
      case "LogicalExpression":
      case "AssignmentExpression": {
        const { left, right } = node as { left?: unknown; right?: unknown };
        if (!isNode(left) || !isNode(right)) break;
        for (const other of swaps[String(node.operator)] ?? []) {
          const to = node.type === "AssignmentExpression" ? raw(left) : `(${raw(left)})`;
          tests.push(`${to} ${other} (${raw(right)})`);
        }
        break;
      }
      case "UnaryExpression":
        if ((node.operator === "!" || node.operator === "-") && isNode(node.argument)) tests.push(raw(node.argument));
        break;
      case "UpdateExpression":
        if (parent?.type !== "ForStatement")
          tests.push(raw(node).replace(/\+\+|--/, (op) => (op === "++" ? "--" : "++")));
        break;
      case "Literal":
        if (typeof node.value === "boolean") tests.push(String(!node.value));
        if (typeof node.value === "string") tests.push(node.value === "" ? '"mutant"' : '""');
        break;
      case "TemplateLiteral":
        if (parent?.type !== "TaggedTemplateExpression") tests.push('""');
        break;
      case "ArrayExpression":
        if (raw(node).replaceAll(/\s/g, "") !== "[]") tests.push("[]");
        break;
      case "ArrowFunctionExpression":
        if (isNode(node.body) && node.body.type !== "BlockStatement") tests.push("() => undefined");
        break;
      case "ChainExpression":
        tests.push(raw(node).replaceAll("?.[", "[").replaceAll("?.(", "(").replaceAll("?.", "."));
        break;
      case "CallExpression": {
        const callee = node.callee as Node;
        const property = callee.property as Node | undefined;
        const name = callee.type === "MemberExpression" && property ? String(property.name) : "";
        if (!Object.hasOwn(methods, name) || callee.computed || callee.optional || node.optional) break;
        const other = methods[name];
        if (other === null) tests.push(raw(callee.object as Node));
        else if (other)
          tests.push(`${source.slice(node.start, property!.start)}${other}${source.slice(property!.end, node.end)}`);
        break;
      }
      default:
    }
    return tests;
  }

  function render(node: Node, parent: Node | null, spine: boolean): string {
    const parts: { start: number; end: number; text: string }[] = [];
    for (const [child, onSpine] of children(node, spine))
      parts.push({ start: child.start, end: child.end, text: render(child, node, onSpine) });
    parts.sort((a, b) => a.start - b.start);
    let text = "";
    let at = node.start;
    for (const part of parts) {
      text += source.slice(at, part.start) + part.text;
      at = part.end;
    }
    text += source.slice(at, node.end);
    if (node.type === "BlockStatement" && parent && /Function|IfStatement/.test(parent.type) && raw(node).length > 4)
      return `{ if (__mutate(${number(node, "{}")})) {} else ${text} }`;
    const found = changes(node, parent, spine);
    if (found.length === 0) return text;
    return `(${found.map((is) => `__mutate(${number(node, is)}) ? (${is}) : `).join("")}(${text}))`;
  }

  /** Nodes below that are values. `onSpine`: inside a chain of `?.`, where brackets would change what is skipped. */
  function* children(node: Node, spine: boolean): Generator<[Node, boolean]> {
    if (/^(Import|ExportAll|ExportSpecifier)/.test(node.type) || node.shorthand === true) return;
    if (node.type.startsWith("TS") && !/^TS(As|Satisfies|NonNull)/.test(node.type)) return;
    const chain = node.type === "ChainExpression" || spine;
    for (const [key, value] of Object.entries(node)) {
      if (/^(typeAnnotation|typeParameters|typeArguments|returnType|source)$/.test(key)) continue;
      if ((key === "key" || key === "property") && node.computed !== true) continue;
      if (key === "left" && node.type === "AssignmentExpression") continue;
      const onSpine = chain && (key === "expression" || key === "object" || key === "callee");
      for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) yield [one, onSpine];
    }
  }

  const program = parseAst(source, { lang: "ts" }) as unknown as Node;
  const body = (program.body as Node[]).map((node) => ({ ...node, text: render(node, program, false) }));
  let code = "";
  let at = 0;
  for (const node of body) {
    code += source.slice(at, node.start) + node.text;
    at = node.end;
  }
  return { code: code + source.slice(at), mutants };
}
