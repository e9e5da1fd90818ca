import { expect, it } from "vitest";
import { readCsv } from "./csv/read-csv.ts";

it("lets others have their turn while a large file in memory is read", async () => {
  const bytes = Buffer.from(`name,amount\n${"Acme,100\n".repeat(200_000)}`);
  let turns = 0;
  let reading = true;
  const others = (async () => {
    while (reading) {
      await new Promise<void>((turn) => setImmediate(turn));
      turns++;
    }
  })();
  const file = await readCsv(bytes);
  if (!file.ok) throw new Error(file.problem.text);
  let rows = 0;
  for await (const piece of file.pieces) if (piece.type === "rows") rows += piece.rows.length;
  reading = false;
  await others;
  expect(rows).toBe(200_000);
  expect(turns).toBeGreaterThan(bytes.length / 65_536 / 2);
});
