import { detectEncoding } from "../decode-text.ts";
import { type Problem } from "../problem.ts";

const signatures: readonly { bytes: readonly number[]; what: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: "an Excel workbook or a zip archive" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: "an old Excel workbook" },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: "a PDF" },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: "a picture" },
  { bytes: [0xff, 0xd8, 0xff], what: "a picture" },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66], what: "a SQLite database" },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: "a program" },
];

/** Passes bytes on unless the beginning of the file shows that it is not text at all. */
export async function* refuseBinary(
  bytes: AsyncGenerator<Uint8Array, Problem | undefined>,
): AsyncGenerator<Uint8Array, Problem | undefined> {
  const first = await bytes.next();
  if (first.done) return first.value;
  const what = whatBinary(first.value);
  if (what !== undefined) {
    await bytes.return(undefined);
    return {
      code: "not_text",
      text: `The file is ${what}, not a table of text. Nothing was imported; save it as CSV and choose that file.`,
    };
  }
  yield first.value;
  return yield* bytes;
}

function whatBinary(head: Uint8Array): string | undefined {
  const known = signatures.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  if (known) return known.what;
  const sample = head.subarray(0, 4096);
  if (sample.length < 16) return undefined;
  // UTF-16 is full of NULs and, outside Latin script, of bytes that look like control characters.
  if (detectEncoding(sample).encoding !== "utf-8") return undefined;
  const odd = sample.filter((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d).length;
  // A few strays are for the rows they stand in to answer for.
  return odd > Math.max(3, sample.length * 0.02) ? "a binary file" : undefined;
}
