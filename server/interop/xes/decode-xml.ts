import { type Problem } from "../problem.ts";

const readable: ReadonlySet<string> = new Set([
  "utf-8",
  "utf8",
  "us-ascii",
  "ascii",
  "iso-8859-1",
  "latin1",
  "windows-1252",
  "utf-16",
  "utf-16le",
  "utf-16be",
]);

/**
 * XML bytes to text, by byte order mark or the encoding its first line declares (UTF-8 if none). A byte that does not belong
 * to the encoding refuses the file: XML gives no row to leave out.
 */
export async function* decodeXml(
  bytes: AsyncGenerator<Uint8Array, Problem | undefined>,
): AsyncGenerator<string, Problem | undefined> {
  const first = await bytes.next();
  if (first.done) return first.value ?? emptyFile;
  const encoding = declaredEncoding(first.value);
  if (!readable.has(encoding)) {
    await bytes.return(undefined);
    return {
      code: "encoding",
      text: `The XML says it is in “${encoding.slice(0, 40)}”, which is not read here. Nothing was imported; save it as UTF-8.`,
    };
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  let piece: Uint8Array = first.value;
  try {
    for (;;) {
      const text = decoder.decode(piece, { stream: true });
      line += text.split("\n").length - 1;
      yield text;
      const next = await bytes.next();
      if (next.done) {
        decoder.decode();
        return next.value;
      }
      piece = next.value;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await bytes.return(undefined);
    return {
      code: "damaged_text",
      text: `After line ${line} the file holds bytes that are not ${encoding.toUpperCase()}. Nothing was imported; save it as UTF-8.`,
      row: line,
    };
  }
}

function declaredEncoding(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (head[0] === 0x3c && head[1] === 0) return "utf-16le";
  if (head[0] === 0 && head[1] === 0x3c) return "utf-16be";
  const start = Buffer.from(head.subarray(0, 200)).toString("latin1");
  return /^\s*(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']/.exec(start)?.[1]?.toLowerCase() ?? "utf-8";
}

const emptyFile: Problem = {
  code: "empty_file",
  text: "The file is empty. Nothing was imported; choose another file.",
};
