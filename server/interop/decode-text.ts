import { isUtf8 } from "node:buffer";
import { type Problem } from "./problem.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** What was found out about the text; `notice` says that an encoding was guessed from a byte that is not UTF-8. */
export type TextFacts = { encoding: Encoding; notice?: Problem };

/**
 * Bytes to text. A byte order mark decides; without one NULs in every other byte mean UTF-16, valid UTF-8 is UTF-8, and
 * the first byte that is not UTF-8 after nothing but ASCII turns the rest of the file to Windows-1252. A stray bad byte
 * amid valid UTF-8 becomes a lone surrogate U+DC80…U+DCFF that carries it, so that its row can be refused by name.
 */
export async function* decodeText(
  bytes: AsyncGenerator<Uint8Array, Problem | undefined>,
  facts: TextFacts,
  chosen?: Encoding,
): AsyncGenerator<string, Problem | undefined> {
  const first = await nextPieces(bytes, 4096);
  const detected = detectEncoding(first.piece);
  facts.encoding = chosen ?? detected.encoding;
  const skip = detected.encoding === facts.encoding ? detected.markLength : 0;
  const decoder = decoderOf(facts, chosen !== undefined);
  let piece: Uint8Array = first.piece.subarray(skip);
  let end = first.end;
  while (true) {
    const text = decoder(piece, end !== undefined);
    if (text !== "") yield text;
    if (end) return end.problem;
    const next = await bytes.next();
    if (next.done) {
      end = { problem: next.value };
      piece = new Uint8Array(0);
    } else piece = next.value;
  }
}

/** The byte a lone surrogate of `decodeText` stands for, or undefined for any other character. */
export const lostByte = (code: number): number | undefined =>
  code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : undefined;

type End = { problem: Problem | undefined };

async function nextPieces(
  bytes: AsyncGenerator<Uint8Array, Problem | undefined>,
  length: number,
): Promise<{ piece: Uint8Array; end?: End }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const next = await bytes.next();
    if (next.done) return { piece: Buffer.concat(pieces), end: { problem: next.value } };
    pieces.push(next.value);
    size += next.value.length;
  }
  return { piece: Buffer.concat(pieces) };
}

/** What a byte order mark or a NUL in every other byte says; UTF-8 when they say nothing. */
export function detectEncoding(head: Uint8Array): { encoding: Encoding; markLength: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", markLength: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", markLength: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", markLength: 2 };
  const nuls = [0, 0];
  const length = Math.min(head.length, 4096);
  for (let i = 0; i < length; i++) if (head[i] === 0) nuls[i % 2] = (nuls[i % 2] ?? 0) + 1;
  const half = length / 2;
  const [even = 0, odd = 0] = nuls;
  if (length >= 4 && odd > half * 0.4 && even < half * 0.05) return { encoding: "utf-16le", markLength: 0 };
  if (length >= 4 && even > half * 0.4 && odd < half * 0.05) return { encoding: "utf-16be", markLength: 0 };
  return { encoding: "utf-8", markLength: 0 };
}

type Decoder = (piece: Uint8Array, last: boolean) => string;

function decoderOf(facts: TextFacts, chosen: boolean): Decoder {
  switch (facts.encoding) {
    case "utf-8":
      return utf8Decoder(facts, chosen);
    case "utf-16le":
    case "utf-16be": {
      const decoder = new TextDecoder(facts.encoding);
      return (piece, last) => decoder.decode(piece, { stream: !last });
    }
    case "windows-1252":
      return fromWindows1252;
    default:
      return facts.encoding satisfies never;
  }
}

function utf8Decoder(facts: TextFacts, chosen: boolean): Decoder {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let held: Uint8Array = new Uint8Array(0);
  let onlyAscii = true;
  return (piece, last) => {
    if (facts.encoding === "windows-1252") return fromWindows1252(piece);
    const bytes = held.length > 0 ? Buffer.concat([held, piece]) : piece;
    const whole = last ? bytes.length : bytes.length - openSequence(bytes);
    held = bytes.slice(whole);
    const now = bytes.subarray(0, whole);
    if (isUtf8(now)) {
      const text = decoder.decode(now);
      onlyAscii &&= text.length === now.length;
      return text;
    }
    const { text, lost, valid } = keepBadBytes(now);
    if (onlyAscii && !chosen && lost.length > valid) {
      facts.encoding = "windows-1252";
      facts.notice = fallbackNotice(lost[0] ?? 0);
      const rest = held;
      held = new Uint8Array(0);
      return fromWindows1252(now) + fromWindows1252(rest);
    }
    onlyAscii = false;
    return text;
  };
}

/** Number of bytes at the end that begin a character whose rest has not come yet (0–3). */
function openSequence(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

const sequenceLength = (lead: number): number =>
  lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;

/** Slow path for a piece with bad bytes: valid characters as they are, each bad byte as U+DC00 + byte. */
function keepBadBytes(bytes: Uint8Array): { text: string; lost: number[]; valid: number } {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const lost: number[] = [];
  let text = "";
  let valid = 0;
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : sequenceLength(byte);
    if (byte < 0x80) at += 1;
    else if (length > 1 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) {
      valid += 1;
      at += length;
    } else {
      text += decoder.decode(bytes.subarray(from, at)) + String.fromCharCode(0xdc00 + byte);
      lost.push(byte);
      at += 1;
      from = at;
    }
  }
  return { text: text + decoder.decode(bytes.subarray(from)), lost, valid };
}

/** Our own table, because the decoders of some Node versions read these 32 bytes as Latin-1. */
const windows1252 = [
  0x20ac, 0xdc81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xdc8d,
  0x017d, 0xdc8f, 0xdc90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0xdc9d, 0x017e, 0x0178,
];

const fromWindows1252 = (piece: Uint8Array): string =>
  Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (c) => String.fromCharCode(windows1252[c.charCodeAt(0) - 0x80] ?? 0xfffd));

export const hexByte = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;

const fallbackNotice = (byte: number): Problem => ({
  code: "encoding",
  text: `The file is not UTF-8 (byte ${hexByte(byte)}), so it was read as Windows-1252. If letters look wrong, save it as UTF-8 and choose it again.`,
});
