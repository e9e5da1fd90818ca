/**
 * What opens over a page, in both languages and themes: opened by key, it takes the focus and keeps it, closes by Escape and
 * gives the focus back to what opened it; axe finds nothing, and it fits a phone.
 */
import { expect, type Locator, type Page } from "@playwright/test";
import { idsOfDemo } from "./act.ts";
import { violations, wider } from "./findings.ts";
import { type Look, looks, phone, test, wide, wordsOf } from "./looks.ts";

test.describe.configure({ mode: "parallel" });

/** The page, and the wording of the button that opens it. */
type Opening = readonly [page: string, button: string];
/** These are there in an empty workspace, too. */
const always: readonly Opening[] = [
  ["/settings/people", "settings.people.add"],
  ["/settings/people", "settings.people.changeOf"],
  ["/settings/teams", "settings.teams.add"],
  ["/settings/queues", "settings.queues.add"],
  ["/settings/calendars", "settings.calendars.add"],
  ["/settings/calendars", "settings.calendars.changeOf"],
  ["/settings/api-keys", "settings.keys.add"],
  ["/settings/fields", "settings.fields.add"],
  ["/settings/connections", "settings.connections.add"],
  ["/records", "records.create"],
  ["/processes", "processes.new"],
];
const inDemo: readonly Opening[] = [
  ["/settings/people", "settings.people.leaveOf"],
  ["/settings/people", "settings.people.passwordOf"],
  ["/settings/people", "settings.people.letInOf"],
  ["/settings/teams", "settings.teams.changeOf"],
  ["/settings/teams", "routing.balanceOf"],
  ["/settings/queues", "settings.queues.changeOf"],
  ["/settings/queues", "routing.balanceOf"],
  ["/settings/fields", "settings.fields.changeOf"],
  ["/settings/connections", "settings.connections.editOf"],
  ["/settings/connections", "settings.connections.receivedOf"],
  ["/operate?status=active", "operate.runs.actAll"],
  ["/processes/{process}/edit", "editor.publish"],
  ["/records/{running}", "record.why"],
  ["/records/{running}", "record.move.open"],
];

for (const look of looks)
  test.describe(`in ${look.locale}, ${look.theme}`, () => {
    for (const [route, button] of always)
      test(`${route}: ${button}`, async ({ windowOf }, { project }) => {
        const { page } = await windowOf(project.name === "axe-demo" ? "admin" : "owner", look);
        await walk(page, route, look, button);
      });

    for (const [route, button] of inDemo)
      test(`${route}: ${button}, filled`, async ({ windowOf }, { project }) => {
        test.skip(project.name !== "axe-demo", "There is nothing to open it on.");
        const { page, context } = await windowOf("admin", look);
        const ids = await idsOfDemo(context);
        await walk(
          page,
          route.replace(/\{(\w+)\}/, (_, name: string) => ids[name] ?? ""),
          look,
          button,
        );
      });

    test("the palette and the sheet of keys", async ({ windowOf }, { project }) => {
      const { page } = await windowOf(project.name === "axe-demo" ? "admin" : "owner", look);
      await page.goto("/processes", { waitUntil: "networkidle" });
      for (const key of ["Control+k", "Shift+?"]) {
        await page.keyboard.press(key);
        await expect(page.getByRole("dialog")).toBeVisible();
        await page.waitForTimeout(200);
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toBeHidden();
      }
    });
  });

async function walk(page: Page, route: string, look: Look, button: string): Promise<void> {
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
