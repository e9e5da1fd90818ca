/** In each test file, before it is read: which mutant is in force, and what of the mutated file was asked for. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    mutant: number;
    /** Folder for what was covered; empty while mutants are judged. */
    covered: string;
  }
}

const mutant = inject("mutant");
const covered = new Set<number>();
Object.assign(globalThis, {
  __mutate(id: number): boolean {
    covered.add(id);
    return id === mutant;
  },
});
afterAll(() => {
  const folder = inject("covered");
  const file = expect.getState().testPath ?? "";
  if (folder)
    writeFileSync(
      path.join(folder, `${file.replaceAll(/\W/g, "_")}.json`),
      JSON.stringify({ file, ids: [...covered] }),
    );
});
