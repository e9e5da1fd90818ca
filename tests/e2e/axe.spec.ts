/**
 * Every route is looked at by axe, in both languages and themes, filled and empty, and may not be wider than a phone. The list of
 * routes is read from the folder of pages: one that is not named here fails. With TEST_LONG every combination is walked.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "@playwright/test";
import { idsOfDemo } from "./act.ts";
import { violations, wider } from "./findings.ts";
import { looks, phone, test } from "./looks.ts";

test.describe.configure({ mode: "parallel" });

/** A path for each page of the app; `{process}` and `{record}` are ones that exist, null needs one and is empty without. */
const pages: Record<string, string> = {
  "/inbox": "/inbox",
  "/inbox/[id]": "/inbox/run_none.w1",
  "/decide/[id]": "/decide/{decision}",
  "/records": "/records",
  "/records/[id]": "/records/{record}",
  "/records/[id]/then": "/records/{record}/then",
  "/processes": "/processes",
  "/processes/[id]": "/processes/{process}",
  "/processes/[id]/edit": "/processes/{process}/edit",
  "/processes/[id]/versions": "/processes/{process}/versions",
  "/processes/[id]/migrate": "/processes/{process}/migrate",
  "/imports": "/imports",
  "/reports": "/reports",
  "/reports/[processId]": "/reports/{process}",
  "/incidents": "/incidents",
  "/operate": "/operate",
  "/operate/incidents": "/operate/incidents",
  "/operate/jobs": "/operate/jobs",
  "/operate/batches": "/operate/batches",
  "/operate/batches/[id]": "/operate/batches/{batch}",
  "/operate/health": "/operate/health",
  "/dev/steps": "/dev/steps",
  "/settings": "/settings",
  "/settings/people": "/settings/people",
  "/settings/teams": "/settings/teams",
  "/settings/queues": "/settings/queues",
  "/settings/queues/[key]": "/settings/queues/{queue}",
  "/settings/calendars": "/settings/calendars",
  "/settings/absences": "/settings/absences",
  "/settings/api-keys": "/settings/api-keys",
  "/settings/connections": "/settings/connections",
  "/settings/appearance": "/settings/appearance",
  "/settings/fields": "/settings/fields",
  "/settings/mail": "/settings/mail",
  "/settings/audit": "/settings/audit",
  "/settings/workspace": "/settings/workspace",
  "/settings/demo": "/settings/demo",
};
/** Other faces of a page: another tab, another view. */
const faces = [
  "/reports/{process}?tab=map",
  "/reports/{process}?tab=flow",
  "/reports/{process}?tab=flow&sel=legal_review",
  "/reports/{process}?tab=ageing",
  "/reports/{process}?tab=kpis",
  "/reports/{process}?tab=changes",
  "/processes/{process}/edit?view=outline",
];

test("the list of routes is complete", () => {
  const found = routesIn(path.join(process.cwd(), "app/(app)"));
  expect(found.length).toBeGreaterThan(10);
  expect(found.filter((route) => !(route in pages))).toEqual([]);
  expect(Object.keys(pages).filter((route) => !found.includes(route))).toEqual([]);
});

for (const look of looks)
  test.describe(`in ${look.locale}, ${look.theme}`, () => {
    for (const [route, example] of [...Object.entries(pages), ...faces.map((face) => [face, face] as const)])
      test(route, async ({ windowOf }, { project }) => {
        const demo = project.name === "axe-demo";
        const who = demo ? (route.startsWith("/inbox") ? "rep" : "admin") : "owner";
        const { page, context, complaints } = await windowOf(who, look);
        const needs = /\{(\w+)\}/.exec(example)?.[1];
        // An empty workspace has no record or process yet: what is not there is looked at, too.
        const ids = needs && demo ? await idsOfDemo(context) : {};
        const target = needs ? example.replace(`{${needs}}`, ids[needs] || "nothing_there") : example;
        complaints.length = 0;
        await page.goto(target, { waitUntil: "load" });
        await page.waitForTimeout(150);
        expect(await violations(page)).toEqual([]);
        await expect(page).toHaveTitle(/Millrace$/);
        expect(await page.locator("html").getAttribute("lang")).toBe(look.locale);
        await page.setViewportSize(phone);
        expect(await wider(page)).toEqual([]);
        expect(complaints).toEqual([]);
      });
  });

function routesIn(folder: string): string[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      // A folder with @ is a part of other pages, as the trail above them.
      .filter((entry) => entry.name === "page.tsx" && !entry.parentPath.includes("@"))
      .map((entry) => `/${path.relative(folder, entry.parentPath).split(path.sep).join("/")}`)
      .sort()
  );
}
