/** Every sentence that server code can say to a person has its words in Vietnamese, and no words are left of one that is gone. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parseAst } from "vitest/node";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import said from "@/messages/sentences.vi.json";
import { readSentences, translator } from "./translator.ts";

/** Files whose sentences meet nobody who reads a screen. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/\.test\.ts$|engine\/testing|random-process/, "tests"],
  [/^server\/cli\/|commands\/verify(-chain)?\.ts|feel-case\.ts/, "the command line speaks English"],
  [/interop\/(process-text|templates)\/|process-file\.ts/, "process files are read on the command line only"],
  [/interop\/dmn\/(evaluate|decide-model|run-cases)\.ts/, "DMN models are asked on the command line only"],
  [/^server\/templates\//, "shipped processes are documents"],
  [/^server\/(main|runtime\/\w+|http\/hosts)\.ts/, "the terminal and the log speak English"],
  [/auth\/auth-store\.ts/, "faults of ours: they stand in the log, the caller gets an id"],
];

/** Single literals that meet nobody. */
const unseen = new Map<string, string>([["function", "how FEEL writes a function as a value"]]);

/** What zod says of a value that a schema refuses stands in our sentences ("… is not valid at x: {1}"). */
const refusedByZod: readonly (readonly [z.ZodType, unknown])[] = [
  [z.string(), 5],
  [z.array(z.string()), undefined],
  [z.literal("records"), "log"],
  [z.union([z.string(), z.null()]), 5],
  [z.enum(["en", "vi"]), "de"],
  [z.string().max(3), "abcd"],
  [z.string().min(3), "a"],
  [z.array(z.string()).max(1), ["a", "b"]],
  [z.array(z.string()).min(1), []],
  [z.number().max(3), 4],
  [z.number().min(3), 1],
  [z.number().positive(), 0],
  [z.string().regex(/^a$/), "b"],
  [z.email(), "b"],
  [z.strictObject({}), { a: 1 }],
  [z.strictObject({}), { a: 1, b: 2 }],
  [z.record(z.string().min(3), z.string()), { a: "b" }],
];

/** Which argument of a function is said to a person. */
const textAt: Readonly<Record<string, number>> = { refuse: 1, orAbsent: 1, blame: 3, problem: 1, refine: 1, regex: 1 };

type Literal = { text: string; file: string; line: number; asked: boolean };
const literals = filesBelow("server")
  .concat("db/trouble.ts")
  .filter((file) => !elsewhere.some(([pattern]) => pattern.test(file)))
  .flatMap(literalsOf);
const sentences: Readonly<Record<string, string>> = said;

describe("Vietnamese words", () => {
  test("the scan reads the code", () => {
    expect(literals.length).toBeGreaterThan(1000);
    expect(literals.filter(({ asked }) => asked).length).toBeGreaterThan(300);
  });
  test("exist for every sentence of the server", () => {
    const missing = literals
      .filter(({ text, asked }) => asked && !Object.hasOwn(sentences, text) && !unseen.has(text))
      .map(({ text, file, line }) => `${file}:${line} ${JSON.stringify(text)}`);
    expect([...new Set(missing)]).toEqual([]);
  });
  test("exist for what zod says", () => {
    const say = translator(readSentences(sentences));
    for (const [schema, value] of refusedByZod) {
      const text = zodText(schema, value);
      expect(say(text), text).not.toBe(text);
    }
  });
  test("are of sentences that are still said", () => {
    const inCode = new Set(literals.map(({ text }) => text));
    const zodSays = refusedByZod.map(([schema, value]) => zodText(schema, value));
    const isZods = (english: string) => {
      const one = translator(readSentences({ [english]: sentences[english]! }));
      return zodSays.some((text) => one(text) !== text || text.split(/[ ,]+/).includes(english));
    };
    const left = Object.keys(sentences).filter((english) => !inCode.has(english) && !isZods(english));
    expect(left).toEqual([]);
    for (const text of unseen.keys()) expect(inCode, text).toContain(text);
  });
  test("have the holes of their sentence, and the spaces around it", () => {
    const wrong = Object.entries(sentences).filter(
      ([english, words]) =>
        holesOf(english).join() !== holesOf(words).join() ||
        /^\s*/.exec(english)![0] !== /^\s*/.exec(words)![0] ||
        /\s*$/.exec(english)![0] !== /\s*$/.exec(words)![0] ||
        words.trim() === "",
    );
    expect(wrong).toEqual([]);
  });
  test("of no pattern are so open that they would take any sentence", () => {
    const open = Object.keys(sentences).filter(
      (english) => holesOf(english).length > 0 && !/\p{L}{2}|”: /u.test(english.replaceAll(/\{\w+\}/g, "")),
    );
    expect(open).toEqual([]);
  });
});

const holesOf = (text: string) => [...new Set([...text.matchAll(/\{=?(\w+)\}/g)].map(([, name]) => name))].sort();

function zodText(schema: z.ZodType, value: unknown): string {
  return schema.safeParse(value).error?.issues[0]?.message ?? "";
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.posix.join(folder, name))
    .sort();
}

type Node = { type: string; start: number; [key: string]: unknown };

/** Every text of a file, holes numbered. `asked`: it is a sentence, or stands where a sentence is asked for. */
function literalsOf(file: string): Literal[] {
  const source = readFileSync(file, "utf8");
  const found: Literal[] = [];
  const lineAt = (at: number) => source.slice(0, at).split("\n").length;
  visit(parseAst(source, { lang: "ts" }) as unknown as Node, false);
  return found;

  function visit(node: unknown, asked: boolean): void {
    if (Array.isArray(node)) return node.forEach((one) => visit(one, false));
    if (!isNode(node)) return;
    const text = patternOf(node);
    if (text !== null) {
      const own = asked ? /\p{L}{3}/u.test(text.replaceAll(/\{\d+\}/g, "")) : isSentence(text);
      found.push({ text, file, line: lineAt(node.start), asked: own });
      // What fills the holes of a sentence is part of it.
      for (const filling of (node.expressions as Node[] | undefined) ?? []) fill(filling, own);
      return;
    }
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportNamedDeclaration":
        return visit(node.declaration, false);
      case "TSLiteralType":
        return;
      case "ThrowStatement": {
        // Faults of ours stand in the log, or end the start.
        const thrown = node.argument as Node;
        return thrown.type === "NewExpression" && nameOf(thrown.callee) === "Error" ? undefined : visit(thrown, false);
      }
      case "Property":
        // A pair of words in both languages needs no third place.
        if (["en", "vi"].includes(nameOf(node.key))) return;
        return fill(node.value as Node, nameOf(node.key) === "text");
      case "CallExpression": {
        const at = textAt[nameOf(node.callee)];
        visit(node.callee, false);
        return (node.arguments as Node[]).forEach((one, i) => fill(one, i === at));
      }
      default:
        return rest(node);
    }
  }

  /** A value that may be one of several texts: `late ? "too late" : what ?? "missing"`. */
  function fill(node: Node, asked: boolean): void {
    if (!asked) return visit(node, false);
    switch (node.type) {
      case "ConditionalExpression":
        visit(node.test, false);
        fill(node.consequent as Node, true);
        return fill(node.alternate as Node, true);
      case "LogicalExpression":
        fill(node.left as Node, true);
        return fill(node.right as Node, true);
      default:
        return visit(node, patternOf(node) !== null);
    }
  }

  function rest(node: Node): void {
    for (const [key, value] of Object.entries(node)) if (key !== "type") visit(value, false);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "MemberExpression") return nameOf(node.property);
  return typeof node.name === "string" ? node.name : "";
}

function patternOf(node: Node): string | null {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : null;
  if (node.type !== "TemplateLiteral") return null;
  const quasis = node.quasis as { value: { cooked: string } }[];
  return quasis.map(({ value }, i) => value.cooked + (i < quasis.length - 1 ? `{${i}}` : "")).join("");
}

/** Two words or more, and it ends as sentences do, or with what another sentence fills. */
function isSentence(text: string): boolean {
  const words = text.replaceAll(/\{\d+\}/g, "").match(/\p{L}{2,}/gu)?.length ?? 0;
  return words >= 2 && / .*(?:[.?!…]|: \{\d+\}|[.?]\{\d+\})\n*$/su.test(text);
}
