/** What axe and a narrow window find on a page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare global {
  interface Window {
    axe: typeof import("axe-core");
  }
}

/** axe's findings, one a line: the rule, and the first places it is about. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Found = {
      violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
    };
    const { axe: engine } = window as unknown as { axe: { run(options: object): Promise<Found> } };
    // What is in order is not described: that takes longer than to find it.
    const { violations: list } = await engine.run({ resultTypes: ["violations"] });
    return list.map(
      (one) =>
        `${one.id} (${one.nodes.length}): ${one.help} – ${one.nodes
          .slice(0, 3)
          .map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`)
          .join(" | ")}`,
    );
  });
}

/** What sticks out of the page sideways, where nothing around it scrolls. */
export const wider = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const scrolling = [document.documentElement, document.querySelector("main")].filter(
      (box): box is HTMLElement => box !== null && box.scrollWidth > box.clientWidth + 1,
    );
    return scrolling.flatMap((box) =>
      [...box.querySelectorAll<HTMLElement>("*")]
        .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
        .slice(0, 4)
        .map((one) => `${box.tagName} ${box.scrollWidth}px: ${one.tagName}.${one.className.toString().slice(0, 80)}`)
        .concat(`${box.tagName} ${box.scrollWidth}px`),
    );
  });
