/**
 * Text to a YAML tree, with every cap checked before anything is built: size, nesting, one document, nothing that refers to
 * something else (aliases) or asks for a type (tags). JSON is YAML too.
 */
import { Composer, type CST, type Document, isAlias, isNode, Lexer, LineCounter, type Node, Parser, visit } from "yaml";
import type { FileProblem } from "./file-problem.ts";

/** `words`: pieces of YAML. The largest process has some 200,000; the parser takes a minute for what five megabytes can hold. */
export const processFileLimits = { bytes: 5_000_000, depth: 32, words: 500_000 };

export type Place = (offset: number) => { line: number; column: number };
export type Parsed = { ok: true; root: Node; place: Place } | { ok: false; problems: FileProblem[] };

export function parseYaml(input: string | Uint8Array): Parsed {
  const text = typeof input === "string" ? input : decode(input);
  if (text === null)
    return refused(
      "FILE_NOT_TEXT",
      "This file is not text in UTF-8. Nothing was read; save it as UTF-8 and choose it again.",
    );
  if (Buffer.byteLength(text) > processFileLimits.bytes)
    return refused(
      "FILE_TOO_LARGE",
      `This file is larger than ${processFileLimits.bytes / 1_000_000} MB, more than any process needs. Nothing was read.`,
    );
  if (text.includes("\0"))
    return refused("FILE_NOT_TEXT", "This file holds NUL characters, so it is not text. Nothing was read.");

  const lines = new LineCounter();
  const place: Place = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const source = text.replace(/^\uFEFF/, "");
  const tooMuch = measure(source);
  if (tooMuch) return tooMuch;
  const tokens = [...new Parser(lines.addNewLine).parse(source)];
  const deep = tooDeep(tokens);
  if (deep !== null) return nestedTooDeep(place(deep));

  const documents = [
    ...new Composer({
      version: "1.2",
      schema: "core",
      uniqueKeys: true,
      prettyErrors: false,
      stringKeys: false,
    }).compose(tokens, false, text.length),
  ];
  const [document] = documents;
  if (!document || (document.contents === null && document.errors.length === 0))
    return refused("FILE_EMPTY", "This file is empty. Nothing was read.");
  if (documents.length > 1)
    return refused(
      "FILE_NOT_READABLE",
      "This file holds several YAML documents. Nothing was read; put each process into a file of its own.",
    );
  const problems = [...syntax(document, place), ...foreign(document, place)];
  if (problems.length > 0 || document.contents === null) return { ok: false, problems };
  return { ok: true, root: document.contents, place };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const refused = (code: FileProblem["code"], text: string, at: { line?: number; column?: number } = {}): Parsed => ({
  ok: false,
  problems: [{ severity: "error", code, text, ...at }],
});

const nestedTooDeep = (at: { line: number; column: number }): Parsed =>
  refused(
    "FILE_TOO_DEEP",
    `Things are nested more than ${processFileLimits.depth} levels deep here. Nothing was read.`,
    at,
  );

/** What the lexer says between words; these stand for no text. */
const marks = new Set(["\u0002", "\u0018", "\u001f"]);

/** Brackets too deep and files too long are told from their words, before the parser has to remember what is open. */
function measure(source: string): Parsed | null {
  let [depth, words, offset] = [0, 0, 0];
  for (const word of new Lexer().lex(source)) {
    if (word === "[" || word === "{") depth++;
    else if (word === "]" || word === "}") depth--;
    if (depth > processFileLimits.depth + 1) {
      const before = source.slice(0, offset);
      return nestedTooDeep({ line: before.split("\n").length, column: offset - before.lastIndexOf("\n") });
    }
    if (++words > processFileLimits.words)
      return refused("FILE_TOO_LARGE", "This file holds more than any process needs. Nothing was read.");
    if (!marks.has(word)) offset += word.length;
  }
  return null;
}

/** The offset of the first thing nested too deep. A loop of its own: the composer would recurse into it. */
function tooDeep(tokens: CST.Token[]): number | null {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > processFileLimits.depth) return token.offset;
    if (token.type === "document") {
      if (token.value) open.push({ token: token.value, depth });
    } else if ("items" in token) {
      for (const item of token.items) {
        if (item.key) open.push({ token: item.key, depth: depth + 1 });
        if (item.value) open.push({ token: item.value, depth: depth + 1 });
      }
    }
  }
  return null;
}

/** The first error: the ones after it follow from it. */
function syntax(document: Document.Parsed, place: Place): FileProblem[] {
  return document.errors.slice(0, 1).map((error) => ({
    severity: "error",
    code: "FILE_NOT_READABLE",
    text:
      error.code === "DUPLICATE_KEY"
        ? "This key stands here twice. Keep one of them."
        : `The YAML cannot be read here: ${sentenceOf(error.message)}`,
    ...place(error.pos[0]),
  }));
}

const sentenceOf = (message: string) => {
  const [first = ""] = message.split("\n");
  return /[.!?]$/.test(first) ? first : `${first}.`;
};

/** What a process file may not hold: things that stand for others, and asked-for types that nobody here knows. */
function foreign(document: Document.Parsed, place: Place): FileProblem[] {
  const problems: FileProblem[] = document.warnings.map((warning) => ({
    severity: "error",
    code: "TAG",
    text: "A tag (a word after !) asks for a type that process files do not have. Leave it out.",
    ...place(warning.pos[0]),
  }));
  visit(document, (_, node) => {
    if (isNode(node) && (isAlias(node) || ("anchor" in node && node.anchor)))
      problems.push({
        severity: "error",
        code: "ALIAS",
        text: "Anchors and aliases are not read in process files. Write it out.",
        ...place(node.range?.[0] ?? 0),
      });
  });
  return problems.slice(0, 20);
}
