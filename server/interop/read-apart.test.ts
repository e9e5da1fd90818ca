import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inThisThread } from "./file-reader.ts";
import { readApart } from "./read-apart.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const log = `case,activity,time\n${Array.from({ length: 12_000 }, (_, i) => `c${i % 700},a${i % 9},2026-03-02T08:${String(i % 60).padStart(2, "0")}:00Z`).join("\n")}\n`;
/** Everything of a table: what is known at once, and every piece. */
async function whole(reading: ReturnType<typeof inThisThread.csv>) {
  const file = await reading;
  if (!file.ok) return file;
  const pieces = [];
  for await (const piece of file.pieces) pieces.push(piece);
  return { ...file, pieces };
}

describe("a file read apart", () => {
  it("is the same as one read here: tables, logs, packed, broken", async () => {
    const apart = readApart();
    for (const text of [log, "a;b\n1;2\n3\n", "", 'a,b\n"open,1\n'])
      expect(await whole(apart.csv(bytes(text)))).toEqual(await whole(inThisThread.csv(bytes(text))));
    const packed = gzipSync(log);
    for (const file of [bytes(log), packed, packed.subarray(0, 900), bytes("<html/>"), bytes("x,y\n1,2\n")])
      expect(await apart.log(file, {})).toEqual(await inThisThread.log(file, {}));
  }, 60_000);

  it("may be left in the middle, and ends with a sentence past its memory, its time, or left lying", async () => {
    const file = await readApart().csv(bytes(log));
    if (!file.ok) throw new Error(file.problem.text);
    for await (const piece of file.pieces) {
      expect(piece.type).toBe("rows");
      break;
    }
    const large = bytes(
      `case,activity,time\n${Array.from({ length: 600_000 }, (_, i) => `case ${i},activity ${i},2026-03-02T08:00:00Z`).join("\n")}`,
    );
    expect(await readApart({ memoryMb: 48 }).log(large, {})).toMatchObject({
      ok: false,
      problem: { code: "too_much_memory", text: expect.stringContaining("split it into smaller files") },
    });
    expect(await readApart({ pieceMs: 20 }).log(large, {})).toMatchObject({
      ok: false,
      problem: { code: "too_slow", text: expect.stringContaining("takes longer to read") },
    });
    const lying = await readApart({ idleMs: 20 }).csv(bytes(log));
    if (!lying.ok) throw new Error(lying.problem.text);
    await new Promise((later) => setTimeout(later, 200));
    expect(await whole(Promise.resolve(lying))).toMatchObject({
      pieces: [{ type: "refused", problem: { text: expect.stringContaining("Start the import again") } }],
    });
  }, 60_000);
});
