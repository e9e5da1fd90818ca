/**
 * Which mutants do not compile. They are no mutants of the tests, since `npm test` does not get as far as running any; Stryker leaves them
 * out of its share as well. The compiler looks at all of them at once: each is a copy of its file with the one change.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Mutant } from "./mutants.ts";

/**
 * The ids of those that do not compile. Errors that a change makes in other files are not looked for.
 * Throws when a file that was not changed has errors in its copy: then the answer would say nothing.
 */
export function notCompiling(root: string, mutants: readonly Mutant[]): Set<number> {
  // Several may be at work in one checkout.
  const folder = path.join(root, "node_modules", `.mutants-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = [...new Set(mutants.map((mutant) => mutant.file))];
  const sources = new Map(files.map((file) => [file, readFileSync(path.join(root, file), "utf8")]));
  const write = (name: string, file: string, code: string) =>
    writeFileSync(path.join(folder, `${name}.ts`), importsFromRoot(code, path.posix.dirname(file)));
  for (const [at, file] of files.entries()) write(`whole-${at}`, file, sources.get(file)!);
  for (const { id, file, start, end, is } of mutants) {
    const source = sources.get(file)!;
    write(
      `mutant-${id}`,
      file,
      `${source.slice(0, start)}${inPlace(source.slice(start, end), is)}${source.slice(end)}`,
    );
  }
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: { incremental: false, paths: { "@/*": ["../../*"] }, typeRoots: ["../@types"] },
      include: ["*.ts"],
      exclude: [],
    }),
  );
  const broken = new Set<number>();
  // While there is one that cannot even be read, the compiler says nothing of what the others mean: those go, and it is asked again.
  for (let before = -1; before !== broken.size; ) {
    before = broken.size;
    for (const id of saidBroken(root, folder)) {
      broken.add(id);
      rmSync(path.join(folder, `mutant-${id}.ts`), { force: true });
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return broken;
}

function saidBroken(root: string, folder: string): number[] {
  const tsc = path.join(root, "node_modules", ".bin", "tsc");
  const { stdout } = spawnSync(tsc, ["--pretty", "false", "-p", folder], {
    encoding: "utf8",
    maxBuffer: 1e9,
    cwd: root,
  });
  const others = stdout.split("\n").filter((line) => /error TS\d/.test(line) && !/\bmutant-\d+\.ts\(/.test(line));
  if (others.length > 0) throw new Error(`What was not changed does not compile: ${others[0]}`);
  return [...stdout.matchAll(/\bmutant-(\d+)\.ts\(/g)].map(([, id]) => Number(id));
}

/** Brackets where the change is an expression: `!a` may stand in `!a.b` or in `a + b`. */
function inPlace(was: string, is: string): string {
  return was.startsWith("{") && is === "{}" ? is : `(${is})`;
}

function importsFromRoot(code: string, folder: string): string {
  return code.replaceAll(
    /((?:from|import\()\s*")(\.[^"]+)"/g,
    (_, before: string, name: string) => `${before}@/${path.posix.join(folder, name)}"`,
  );
}
