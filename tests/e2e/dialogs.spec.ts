/** What opens over a page of any workspace, in both languages and themes, by key. */
import { expect } from "@playwright/test";
import { violations } from "./findings.ts";
import { looks, test } from "./looks.ts";
import { type Opening, walkDialog } from "./walk-dialog.ts";

test.describe.configure({ mode: "parallel" });

const openings: readonly Opening[] = [
  ["/settings/people", "settings.people.add"],
  ["/settings/people", "settings.people.changeOf"],
  ["/settings/teams", "settings.teams.add"],
  ["/settings/queues", "settings.queues.add"],
  ["/settings/calendars", "settings.calendars.add"],
  ["/settings/api-keys", "settings.keys.add"],
  ["/settings/fields", "settings.fields.add"],
  ["/settings/connections", "settings.connections.add"],
  ["/records", "records.create"],
  ["/processes", "processes.new"],
];

for (const look of looks)
  test.describe(`in ${look.locale}, ${look.theme}`, () => {
    for (const [route, button] of openings)
      test(`${route}: ${button}`, async ({ windowOf }, { project }) => {
        const { page } = await windowOf(project.name === "axe-demo" ? "admin" : "owner", look);
        await walkDialog(page, route, look, button);
      });

    test("the palette and the sheet of keys", async ({ windowOf }, { project }) => {
      const { page } = await windowOf(project.name === "axe-demo" ? "admin" : "owner", look);
      await page.goto("/processes", { waitUntil: "networkidle" });
      for (const key of ["Control+k", "Shift+?"]) {
        // The page is there before it hears.
        await expect(async () => {
          await page.keyboard.press(key);
          await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1000 });
        }).toPass();
        await page.waitForTimeout(200);
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toBeHidden();
      }
    });
  });
