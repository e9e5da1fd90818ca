/** In each test file, before it is read: which mutant is in force, and what of the mutated files was asked for. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** How many mutants there are. */
    mutants: number;
    /** The one in force; 0 for none. */
    mutant: number;
    /** Folder for what was covered; empty while mutants are judged. */
    covered: string;
  }
}

const mutant = inject("mutant");
// Asked at every changed place, millions of times: a byte each.
const covered = new Uint8Array(inject("mutants") + 1);
Object.assign(globalThis, {
  __mutate(id: number): boolean {
    covered[id] = 1;
    return id === mutant;
  },
});
afterAll(() => {
  const folder = inject("covered");
  const file = expect.getState().testPath ?? "";
  const ids = [...covered.keys()].filter((id) => covered[id]);
  if (folder) writeFileSync(path.join(folder, `${file.replaceAll(/\W/g, "_")}.json`), JSON.stringify({ file, ids }));
});
