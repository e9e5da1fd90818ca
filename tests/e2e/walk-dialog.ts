/** A dialog as somebody meets it who has no mouse. */
import { expect, type Locator, type Page } from "@playwright/test";
import { violations, wider } from "./findings.ts";
import { type Look, phone, wide, wordsOf } from "./looks.ts";

/** The page, and the wording of the button that opens it. */
export type Opening = readonly [page: string, button: string];

/**
 * Opens what a button of a page opens, by key: it takes the focus and keeps it, closes by Escape and gives the focus back to what
 * opened it; axe finds nothing, and it fits a phone. `button`: the key of its wording.
 */
export async function walkDialog(page: Page, route: string, look: Look, button: string): Promise<void> {
  await page.goto(route, { waitUntil: "load" });
  const opener = page.getByRole("button", { name: wordsOf(look, button) }).first();
  const dialog = page.getByRole("dialog");
  // The button is there before it hears.
  await expect(async () => {
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeVisible({ timeout: 1000 });
  }).toPass();
  // Its code comes a moment later.
  await expect(dialog.getByRole("heading").first()).toBeVisible();
  await expect.poll(() => holdsFocus(dialog)).toBe(true);
  await page.waitForTimeout(150);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize(phone);
  expect(await wider(page)).toEqual([]);
  expect(await cut(dialog)).toEqual([]);
  await page.setViewportSize(wide);
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press(i < 6 ? "Tab" : "Shift+Tab");
    // Behind the last and before the first stands a guard that sends it round.
    await expect.poll(() => holdsFocus(dialog), `after ${i + 1} tabs`).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
}

const holdsFocus = (dialog: Locator): Promise<boolean> =>
  dialog.evaluate((box) => box.contains(document.activeElement));

/** What sticks out of a dialog sideways. */
const cut = (dialog: Locator): Promise<string[]> =>
  dialog.evaluate((box) =>
    [box, ...box.querySelectorAll(":not(.sr-only)")]
      .filter((one) => {
        const { overflowX } = getComputedStyle(one);
        return one.scrollWidth > one.clientWidth + 1 && (overflowX === "hidden" || one === box.lastElementChild);
      })
      .map((one) => `${one.tagName}.${String(one.getAttribute("class")).slice(0, 80)}`),
  );
