import Elk from "elkjs/lib/elk.bundled.js";
import { expect, it } from "vitest";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { leadsBack, placeOf } from "./geometry.ts";
import { fromElk, toElk } from "./tidy.ts";

it("tidies a whole process from left to right, on the grid, with no step over another and the corner where it was", async () => {
  const doc = await readShippedTemplate("opportunity_to_close");
  if (!doc) throw new Error("the template is gone");
  const ids = doc.nodes.map((n) => n.id);
  const places = fromElk(doc, await new Elk().layout(toElk(doc, ids)));
  expect(Object.keys(places).sort()).toEqual([...ids].sort());
  const at = (id: string) => places[id]!;
  for (const { x, y } of Object.values(places)) expect([x % 8, y % 8]).toEqual([0, 0]);
  for (const a of ids)
    for (const b of ids)
      if (a < b)
        expect(Math.abs(at(a).x - at(b).x) >= 240 || Math.abs(at(a).y - at(b).y) >= 104, `${a} over ${b}`).toBe(true);
  const forward = doc.edges.filter((e) => !leadsBack(doc, e) && !e.rework);
  const right = forward.filter((e) => at(e.from).x < at(e.to).x);
  expect(right.length / forward.length).toBeGreaterThan(0.9);
  const least = (list: number[]) => Math.min(...list);
  expect(least(Object.values(places).map((p) => p.x))).toBe(least(doc.nodes.map((n) => placeOf(n).x)));
});
