/**
 * Sentences are born in English, wherever they are born: in the engine, in commands, in readers of files. The English sentence
 * is the key, as in gettext: a list maps patterns (`The step “{0}” has no way out.`) to the words of another language. What
 * no pattern fits stays as it is.
 *
 * A value between quotation marks is somebody's own text and is never touched, nor is one whose hole is written `{=0}` in the
 * other language. Any other value may be a known word (the label of a field), several of them, a sentence of its own, or a
 * number that English groups by commas.
 */
export type Say = (sentence: string) => string;

type Pattern = {
  /** The literal parts around the holes: one more than there are holes. */
  parts: readonly string[];
  holes: readonly { name: string; own: boolean }[];
  /** Number of literal characters: of several patterns that fit, the one that says most itself is meant. */
  weight: number;
  said: readonly Piece[];
};
/** `own`: shown as it stands. */
type Piece = { text: string } | { hole: string; own: boolean };
type Fit = { pattern: Pattern; values: string[] };

export type Sentences = {
  exact: ReadonlyMap<string, string>;
  /** Patterns by their first word, and under "" those whose first word is open; the heaviest first. */
  patterns: ReadonlyMap<string, readonly Pattern[]>;
};

const noWords: ReadonlyMap<string, string> = new Map();
/** A sentence in a sentence in a sentence: none of ours goes deeper. */
const deepest = 4;
/** Sentences of one text that are looked at, and how many of them one pattern may span besides all. */
const mostParts = 60;
const counts = [5, 4, 3, 2, 1];

export const asItIs: Say = (sentence) => sentence;

export function readSentences(list: Readonly<Record<string, string>>): Sentences {
  const exact = new Map<string, string>();
  const patterns = new Map<string, Pattern[]>();
  for (const [english, said] of Object.entries(list)) {
    const pieces = piecesOf(english);
    if (!pieces.some((piece) => "hole" in piece)) {
      exact.set(english, said);
      continue;
    }
    const pattern = patternOf(pieces, piecesOf(said));
    const word = firstWord(pattern.parts[0]!) ?? "";
    patterns.set(word, [...(patterns.get(word) ?? []), pattern]);
  }
  for (const list of patterns.values()) list.sort((a, b) => b.weight - a.weight);
  return { exact, patterns };
}

/** `words`: known values of holes, such as labels of fields. Never throws; takes time linear in the sentence. */
export function translator(
  { exact, patterns }: Sentences,
  { words = noWords, thousands = "," }: { words?: ReadonlyMap<string, string>; thousands?: string } = {},
): Say {
  return (sentence) => say(sentence, 0);

  function say(text: string, depth: number): string {
    if (depth > deepest) return text;
    return inParts(sentencesOf(text))
      .map((part) => {
        const found = find(part);
        return found === null ? part : typeof found === "string" ? found : filled(found, depth);
      })
      .join(" ");
  }

  /** The words of a sentence without holes, else the pattern that says most of it, else nothing. */
  function find(text: string): string | Fit | null {
    const known = exact.get(text);
    if (known !== undefined) return known;
    let best: Fit | null = null;
    for (const list of [patterns.get(firstWord(text) ?? ""), patterns.get("")])
      for (const pattern of list ?? []) {
        if (best && best.pattern.weight >= pattern.weight) break;
        const values = fit(pattern, text);
        if (!values) continue;
        best = { pattern, values };
        break;
      }
    return best;
  }

  function filled({ pattern, values }: Fit, depth: number): string {
    return pattern.said
      .map((piece) => {
        if ("text" in piece) return piece.text;
        const at = pattern.holes.findIndex(({ name }) => name === piece.hole);
        const found = values[at] ?? "";
        return piece.own || pattern.holes[at]?.own ? found : value(found, depth + 1);
      })
      .join("");
  }

  /**
   * Several sentences, one after the other, as pieces that are each said at once: as little as can be stays English, patterns
   * say as much of it as they can (`Row 2 … Row 2 …` fits one pattern as a whole, but is two), and there are few pieces.
   */
  function inParts(parts: string[]): string[] {
    const ways: Way[] = [];
    ways[parts.length] = { unknown: 0, weight: 0, pieces: [] };
    for (let i = parts.length - 1; i >= 0; i--) {
      const rest = parts.length - i;
      for (const n of i === 0 && rest > counts[0]! ? [rest, ...counts] : counts) {
        if (n > rest) continue;
        const piece = parts.slice(i, i + n).join(" ");
        const found = find(piece);
        if (found === null && n > 1) continue;
        const { unknown, weight, pieces } = ways[i + n]!;
        const way = {
          unknown: unknown + (found === null ? piece.length : 0),
          weight: weight + (found === null ? 0 : typeof found === "string" ? piece.length : found.pattern.weight),
          pieces: [piece, ...pieces],
        };
        if (!ways[i] || isBetter(way, ways[i]!)) ways[i] = way;
      }
    }
    return ways[0]!.pieces;
  }

  function value(text: string, depth: number): string {
    return word(text) ?? list(text) ?? say(text, depth);
  }

  function word(text: string): string | null {
    if (groupedNumber.test(text)) return text.replaceAll(",", thousands);
    return words.get(text) ?? exact.get(text) ?? null;
  }

  /** Known words one after the other: `case, activity`, `1 and 2`. */
  function list(text: string): string | null {
    const joint = joints.find((one) => text.includes(one));
    if (joint === undefined) return null;
    const items = text.split(joint);
    return items.every((item) => word(item) !== null || /^\d+$/.test(item))
      ? items.map((item) => word(item) ?? item).join(exact.get(joint) ?? joint)
      : null;
  }
}

/** How a text from some place on is cut; `unknown`: characters that stay English. */
type Way = { unknown: number; weight: number; pieces: string[] };

const isBetter = (a: Way, b: Way): boolean =>
  a.unknown === b.unknown
    ? a.weight === b.weight
      ? a.pieces.length < b.pieces.length
      : a.weight > b.weight
    : a.unknown < b.unknown;

const joints = [" and the ", " and ", ", "];
const groupedNumber = /^\d{1,3}(?:,\d{3})+$/;

/** The text as literals and holes: `{0}`, `{name}` or, as it stands, `{=0}`. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{(=?)(\w+)\}/g)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ hole: match[2]!, own: match[1] === "=" });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function patternOf(pieces: readonly Piece[], said: readonly Piece[]): Pattern {
  const parts = [""];
  const names: string[] = [];
  for (const piece of pieces) {
    if ("text" in piece) parts[parts.length - 1] += piece.text;
    else {
      names.push(piece.hole);
      parts.push("");
    }
  }
  return {
    parts,
    holes: names.map((name, i) => ({ name, own: /[“"]$/.test(parts[i]!) && /^[”"]/.test(parts[i + 1]!) })),
    weight: parts.join("").length,
    said,
  };
}

/** The first word, when it is all there: a space follows it. */
function firstWord(text: string): string | null {
  const end = text.indexOf(" ");
  return end <= 0 ? null : text.slice(0, end);
}

/** What stands in the holes, or null. Each literal is looked for once from where the one before ended. */
function fit({ parts }: Pattern, text: string): string[] | null {
  const last = parts.at(-1)!;
  const end = text.length - last.length;
  let at = parts[0]!.length;
  if (end < at || !text.startsWith(parts[0]!) || !text.endsWith(last)) return null;
  const values: string[] = [];
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return null;
    values.push(text.slice(at, found));
    at = found + part.length;
  }
  values.push(text.slice(at, end));
  return values;
}

/** Cut after each end of a sentence that a space follows; what is beyond the limit stays together. */
function sentencesOf(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf(" "); at > 0 && parts.length < mostParts - 1; at = text.indexOf(" ", at + 1)) {
    if (!/[.?!…][”")]?$/.test(text.slice(Math.max(0, at - 2), at))) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts;
}
