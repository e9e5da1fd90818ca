/** All problems of a process of 200 steps, whether every run can finish among them: in Node and in the browser that draws it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { processSchema } from "@/server/engine/process.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { type Block, processOf } from "@/tests/support/random-process.ts";
import { type Figure, median } from "./figure.ts";

declare global {
  /** What the script that is put into the page offers there. */
  var checkDraft: (document: unknown) => unknown;
}

const task: Block = { kind: "task", sla: true, edge: "none" };
const choice = (...blocks: Block[]): Block => ({ kind: "choice", blocks });
const all = (...blocks: Block[]): Block => ({ kind: "parallel", blocks });
const row = (...blocks: Block[]): Block => ({ kind: "sequence", blocks });
/** Three branches side by side, one of them split again, with choices, a wait with a deadline and a loop back to the start. */
const phase: Block = {
  kind: "loop",
  cap: false,
  block: all(
    row(task, choice(task, { kind: "wait", hours: 4 }), task),
    row(task, all(row(task, { kind: "event" }), choice(task, { kind: "automation" }))),
    row({ kind: "loop", cap: false, block: task }, { kind: "event" }),
  ),
};

/** 200 nodes: the phases stand side by side and after one another, all in one more loop. */
const large = () => {
  const block: Block = {
    kind: "loop",
    cap: false,
    block: row(phase, all(phase, phase), ...Array<Block>(21).fill(task), phase, choice(phase, phase)),
  };
  return processSchema.parse(processOf(block));
};

export async function soundness(): Promise<Figure[]> {
  const document = large();
  const sound = checkDraft(document).every((p) => p.severity !== "error");
  if (!sound) throw new Error("the process of the bench is not sound");
  const node = median(Array.from({ length: 15 }, () => timed(() => checkDraft(document))));
  const browser = await inBrowser(document);
  const figure = (name: string, value: number): Figure => ({
    name: `${name}, ${document.nodes.length} nodes`,
    value,
    unit: "ms",
    reference: null,
    ratio: null,
    goal: "≤ 100 ms",
    ok: value <= 100,
  });
  return [
    figure("soundness and problems in Node", node),
    figure("soundness and problems in Chromium, the first time", browser.first),
    figure("soundness and problems in Chromium", browser.usual),
  ];
}

function timed(call: () => unknown): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}

async function inBrowser(document: unknown): Promise<{ first: number; usual: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const entry = path.join(folder, "entry.ts");
  const script = path.join(folder, "check.js");
  const steps = path.join(process.cwd(), "server/steps/index.ts");
  writeFileSync(entry, `import { checkDraft } from ${JSON.stringify(steps)}; globalThis.checkDraft = checkDraft;`);
  await build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    minify: true,
    platform: "browser",
    alias: { "@": process.cwd() },
    logLevel: "error",
  });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
  const page = await browser.newPage();
  await page.addScriptTag({ path: script });
  const times = await page.evaluate((drawn) => {
    return Array.from({ length: 15 }, () => {
      const start = performance.now();
      globalThis.checkDraft(drawn);
      return performance.now() - start;
    });
  }, document);
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
  return { first: times[0] ?? 0, usual: median(times) };
}
