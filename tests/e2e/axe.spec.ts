/**
 * Every route is looked at by axe, in both languages and themes, filled and empty, and may not be wider than a phone. The list of
 * routes is read from the folder of pages: one that is not named here fails. With TEST_LONG every combination is walked.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { post, signIn, stuckProcess } from "./act.ts";
import { violations, wider } from "./findings.ts";

const long = Boolean(process.env["TEST_LONG"]);
const isDemo = () => test.info().project.name === "axe-demo";

type Look = { locale: "en" | "vi"; theme: "light" | "dark" };
const looks: Look[] = long
  ? (["en", "vi"] as const).flatMap((locale) => (["light", "dark"] as const).map((theme) => ({ locale, theme })))
  : [
      { locale: "en", theme: "light" },
      { locale: "vi", theme: "dark" },
    ];

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
  "/operate/batches/[id]": "/operate/batches/bat_none",
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
  "/reports/{process}?tab=kpis",
  "/reports/{process}?tab=changes",
  "/processes/{process}/edit?view=outline",
];
/** What opens over a page: the page, and the name of the button in each language. */
const dialogs: [string, string, string][] = [
  ["/settings/people", "Add a person", "Thêm người"],
  ["/settings/teams", "Add a team", "Thêm nhóm"],
  ["/settings/queues", "Add a queue", "Thêm hàng đợi"],
  ["/settings/calendars", "Add a calendar", "Thêm lịch"],
  ["/settings/api-keys", "Make a key", "Tạo khóa"],
  ["/settings/fields", "Add a field", "Thêm trường"],
  ["/records/{running}", "Version…", "Phiên bản…"],
  ["/records/{idle}", "Why does nothing run?", "Vì sao không có gì chạy?"],
];

const found = routesIn(path.join(process.cwd(), "app/(app)"));
const ids: Record<string, string> = {};

test.beforeAll(async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: String(baseURL) });
  await signIn(context, String(baseURL), isDemo() ? "admin" : "owner");
  if (isDemo()) {
    await stuckProcess(context);
    const list = await post<{ rows: { id: string }[] }>(context, "records.list", { type: "opportunity" }, "query");
    ids["record"] = list.rows[0]?.id ?? "";
    const runs = await post<{ runs: { recordId: string }[] }>(
      context,
      "operate.runs",
      { filter: { process: "opportunity_to_close", status: ["active"] }, limit: 1 },
      "query",
    );
    ids["running"] = runs.runs[0]?.recordId ?? "";
    const contacts = await post<{ rows: { id: string }[] }>(context, "records.list", { type: "contact" }, "query");
    ids["idle"] = contacts.rows[0]?.id ?? "";
    const tasks = await post<{ rows: { id: string; kind: string }[] }>(context, "inbox.list", undefined, "query");
    ids["decision"] = tasks.rows.find(({ kind }) => kind === "approval")?.id ?? "";
    const processes = await post<{ id: string; key: string }[]>(context, "processes.list", undefined, "query");
    const queues = await post<{ key: string }[]>(context, "queues.list", undefined, "query");
    ids["queue"] = queues[0]?.key ?? "";
    ids["process"] = processes.find((one) => one.key === "opportunity_to_close")?.id ?? processes[0]?.id ?? "";
  }
  await context.close();
});

test("the list of routes is complete", () => {
  expect(found.length).toBeGreaterThan(10);
  expect(found.filter((route) => !(route in pages))).toEqual([]);
  expect(Object.keys(pages).filter((route) => !found.includes(route))).toEqual([]);
});

for (const look of looks)
  test.describe(`in ${look.locale}, ${look.theme}`, () => {
    for (const [route, example] of [...Object.entries(pages), ...faces.map((face) => [face, face] as const)])
      test(route, async ({ context, page, baseURL }) => {
        const needs = /\{(\w+)\}/.exec(example)?.[1];
        // An empty workspace has no record or process yet: what is not there is looked at, too.
        const target = needs ? example.replace(`{${needs}}`, ids[needs] || "nothing_there") : example;
        await enter(context, String(baseURL), look, route.startsWith("/inbox") ? "rep" : "admin");
        const complaints = listen(page);
        await page.goto(target, { waitUntil: "load" });
        await page.waitForTimeout(250);
        expect(await violations(page)).toEqual([]);
        await expect(page).toHaveTitle(/Millrace$/);
        expect(await page.locator("html").getAttribute("lang")).toBe(look.locale);
        await page.setViewportSize({ width: 390, height: 844 });
        expect(await wider(page)).toEqual([]);
        expect(complaints).toEqual([]);
      });

    for (const [route, en, vi] of dialogs)
      test(`${route} with its dialog open`, async ({ context, page, baseURL }) => {
        await enter(context, String(baseURL), look, "admin");
        const needs = /\{(\w+)\}/.exec(route)?.[1];
        // An empty workspace has nothing that this opens over: its page was looked at above.
        if (needs !== undefined && !ids[needs]) return void expect(isDemo()).toBe(false);
        await page.goto(needs ? route.replace(`{${needs}}`, ids[needs] ?? "") : route, { waitUntil: "networkidle" });
        await page
          .getByRole("button", { name: look.locale === "en" ? en : vi, exact: true })
          .first()
          .click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await page.waitForTimeout(200);
        expect(await violations(page)).toEqual([]);
        await page.setViewportSize({ width: 390, height: 844 });
        expect(await wider(page)).toEqual([]);
      });

    test("the palette and the sheet of keys", async ({ context, page, baseURL }) => {
      await enter(context, String(baseURL), look, "admin");
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

/** Signs in as somebody who has this page filled, with the look in place before the first picture. */
async function enter(context: BrowserContext, url: string, look: Look, as: "admin" | "rep"): Promise<void> {
  await signIn(context, url, isDemo() ? as : "owner");
  await context.addCookies([
    { name: "locale", value: look.locale, url },
    { name: "theme", value: look.theme, url },
  ]);
}

/** Errors of the page: a wording that is missing, a picture that differs between server and browser, a script that threw. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error" && !/Failed to load resource/.test(line.text())) complaints.push(line.text());
  });
  return complaints;
}

function routesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === "page.tsx")
    .map((entry) => `/${path.relative(folder, entry.parentPath).split(path.sep).join("/")}`)
    .sort();
}
