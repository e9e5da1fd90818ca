import { expect, test } from "@playwright/test";
import { idsOfDemo, signIn, stuckProcess } from "./act.ts";

test.beforeEach(async ({ context, baseURL }) => signIn(context, String(baseURL), "admin"));

test("the shell goes where the keys say, tells where it is, and keeps its rail narrow", async ({ page }) => {
  await page.goto("/processes", { waitUntil: "networkidle" });
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();

  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/settings\/people$/);
  await expect(page).toHaveTitle("People – Millrace");
  await expect(page.locator("main")).toBeFocused();

  const rail = page.getByRole("navigation", { name: "Main navigation" }).first();
  const wide = (await rail.boundingBox())?.width ?? 0;
  await page.keyboard.press("[");
  await expect.poll(async () => (await rail.boundingBox())?.width ?? 0).toBeLessThan(wide / 2);
  await page.reload({ waitUntil: "networkidle" });
  expect((await rail.boundingBox())?.width).toBeLessThan(wide / 2);
  await page.keyboard.press("[");

  // A window gives the focus back to where it came from.
  const records = rail.getByRole("link", { name: "Records" });
  await records.focus();
  await page.keyboard.press("/");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(records).toBeFocused();

  await page.keyboard.press("/");
  await page.getByRole("combobox").fill("audit");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings\/audit$/);
});

test("a deep page says where it is and leads back; on a phone one step, at the top of a section not at all", async ({
  page,
  context,
}) => {
  const { running, process } = await idsOfDemo(context);
  const trail = page.getByRole("navigation", { name: "Where you are" });
  const names = () => trail.getByRole("listitem").allInnerTexts();
  await page.goto(`/records/${running}/then`);
  await expect(trail).toBeVisible();
  const [records, type, , then] = await names();
  expect([records, type, then]).toEqual(["Records", "Opportunities", "As it was"]);
  await trail.getByRole("link").nth(2).click();
  await expect(page).toHaveURL(new RegExp(`/records/${running}$`));
  await expect(trail.locator("[aria-current=page]")).toHaveText(
    await page.getByRole("heading", { level: 1 }).innerText(),
  );
  await trail.getByRole("link", { name: "Opportunities" }).click();
  await expect(page).toHaveURL(/\/records\?type=opportunity$/);
  await expect(trail).toHaveCount(0);

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/processes/${process}/migrate`);
  await expect(trail.getByRole("link")).toHaveCount(1);
  await trail.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/processes/${process}$`));
  await page.goto("/inbox");
  await expect(page.getByRole("main")).toBeVisible();
  await expect(trail).toHaveCount(0);
});

test("everybody starts where their work is: a full inbox, a report led by the bottleneck, a draft with three problems", async ({
  browser,
  baseURL,
}) => {
  for (const [who, address, sight] of [
    ["rep", /\/inbox$/, /^Now · \d/],
    ["manager", /\/reports\/prc_\w+$/, "Legal review is where work waits"],
    ["ops", /\/processes\/prc_\w+\/edit/, /^3 errors block publishing/],
  ] as const) {
    const context = await browser.newContext({ baseURL: String(baseURL) });
    await signIn(context, String(baseURL), who);
    const page = await context.newPage();
    await page.goto("/");
    await expect(page).toHaveURL(address);
    await expect(page.getByText(sight).first()).toBeVisible();
    await context.close();
  }
});

test("somebody is added, signs in, and leaves after handing over", async ({ page, browser, baseURL }) => {
  await page.goto("/settings/people", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Add a person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Hà Phan");
  await dialog.getByLabel("E-mail").fill("ha.phan@northwind.example");
  await dialog.getByLabel("Password").fill("a first password");
  await dialog.getByRole("button", { name: "Add a person" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("ha.phan@northwind.example")).toBeVisible();

  const other = await browser.newContext({ baseURL: String(baseURL) });
  const signedIn = await other.request.post("/api/auth/sign-in", {
    headers: { origin: String(baseURL) },
    data: { email: "ha.phan@northwind.example", password: "a first password" },
  });
  expect(signedIn.ok()).toBe(true);

  await page.getByRole("button", { name: "Deactivate Hà Phan" }).click();
  await expect(page.getByText("Nothing hangs on this person.")).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(page.getByRole("button", { name: "Reactivate Hà Phan" })).toBeVisible();
  expect((await other.request.get("/api/trpc/me.read")).status()).toBe(401);
  await other.close();
});

test("a calendar says when a task would be due, and a key is shown once", async ({ page }) => {
  await page.goto("/settings/calendars", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Add a calendar" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Office with lunch");
  await dialog.getByLabel("Fri, span 1: closes").fill("12:00");
  await dialog.getByRole("button", { name: "Add a span to Fri" }).click();
  await dialog.getByLabel("Fri, span 2: opens").fill("13:00");
  await dialog.getByLabel("Fri, span 2: closes").fill("17:00");
  // Half an hour of Friday is left, seven and a half stand on Monday from nine on.
  await expect(dialog.getByText(/^A task of 8h started Fri .*16:30 is due Mon .*16:30\.$/)).toBeVisible();
  // The Monday closed, it is the Tuesday's.
  const friday = await dialog.locator("input[type=datetime-local]").inputValue();
  const monday = new Date(Date.parse(`${friday}Z`) + 3 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByRole("group", { name: "Also closed on" }).getByLabel("Day", { exact: true }).fill(monday);
  await dialog.getByRole("group", { name: "Also closed on" }).getByLabel("What for (optional)").fill("Offsite");
  await dialog.getByRole("group", { name: "Also closed on" }).getByLabel("What for (optional)").press("Enter");
  await expect(dialog.getByText(/ is due Tue .*16:30\.$/)).toBeVisible();
  await dialog.getByLabel("Fri, span 2: closes").fill("11:00");
  await expect(dialog.getByRole("alert")).toContainText("fri: 13:00–11:00 is not a span of a day");
  await dialog.getByLabel("Fri, span 2: closes").fill("17:00");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Mon–Thu 09:00–17:00 · Fri 09:00–12:00, 13:00–17:00").first()).toBeVisible();
  await expect(page.getByText("1 own closed day")).toBeVisible();

  await page.goto("/settings/api-keys", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Make a key" }).click();
  await dialog.getByLabel("Name").fill("Reporting");
  await dialog.getByRole("button", { name: "Make a key" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Choose at least one.");
  await dialog.getByLabel("Reports", { exact: true }).check();
  await dialog.getByRole("button", { name: "Make a key" }).click();
  await expect(dialog.locator("code")).toHaveText(/^mr_/);
  await dialog.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("button", { name: "Revoke Reporting" }).click();
  await expect(page.getByText("Revoked", { exact: true })).toBeVisible();
});

test("stuck runs are listed with their reason, retried, and tell what came of it", async ({ page, context }) => {
  await stuckProcess(context, "Retried for ever");
  await page.goto("/operate/incidents?process=retried_for_ever", { waitUntil: "networkidle" });
  await expect(page.getByText("was reached again and again without any wait between").first()).toBeVisible();
  const rows = page.getByRole("list", { name: "Stuck runs" }).getByRole("listitem");
  expect(await rows.count()).toBeGreaterThan(1);
  await rows
    .first()
    .getByRole("button", { name: /^Retry / })
    .click();
  await expect(page.getByText("None went on, 1 is still stuck.")).toBeVisible();
  // The row tried again is another incident by now: nothing can be opened on the old one, to vanish while it is filled in.
  await rows
    .first()
    .getByRole("button", { name: /^Cancel the run of/ })
    .click();
  await page.getByLabel("Why is it cancelled?").fill("Made for a test");
  await page.getByRole("button", { name: "Cancel the run", exact: true }).click();
  await expect(page.getByText(/^The run of .* is cancelled\.$/)).toBeVisible();
});

test("what is typed into a dialog while it is saved is saved after it, and Enter pressed meanwhile counts", async ({
  page,
}) => {
  await page.goto("/settings/teams", { waitUntil: "networkidle" });
  const slow = async (url: RegExp) =>
    page.route(url, async (route) => {
      await new Promise((done) => setTimeout(done, 500));
      await route.continue();
    });
  await slow(/teams\.save/);
  await page.getByRole("button", { name: "Add a team" }).click();
  const dialog = page.getByRole("dialog");
  const name = dialog.getByLabel("Name");
  await name.fill("Partners");
  await name.press("Enter");
  await name.fill("Partners north");
  await name.press("Enter");
  await expect(dialog).toBeHidden();
  // It was made once, and changed then.
  const list = page.getByRole("list", { name: "Teams" });
  await expect(list.getByText("Partners")).toHaveText(["Partners north"]);

  // Typed but not entered: it stays open with it.
  await page.getByRole("button", { name: "Change Partners north" }).click();
  await name.fill("Partners south");
  await name.press("Enter");
  await name.fill("Partners west");
  await expect(page.getByText("Partners south is saved.")).toBeVisible();
  await expect(name).toHaveValue("Partners west");
  await name.press("Enter");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Remove Partners west" }).click();
  await expect(list.getByText("Partners west")).toHaveCount(0);
});
