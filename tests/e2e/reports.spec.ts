/** What a manager does with a report: looks along the days, opens what is behind a step, keeps the figures. */
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { post, signIn } from "./act.ts";

async function dealsReport(page: Page, context: BrowserContext, url: string, tab: string): Promise<void> {
  await signIn(context, url, "manager");
  const processes = await post<{ id: string; key: string }[]>(context, "reports.processes", undefined, "query");
  await page.goto(`/reports/${processes.find(({ key }) => key === "opportunity_to_close")!.id}`);
  await page.getByRole("link", { name: tab, exact: true }).click();
}

test("the flow is walked along its days and steps by keyboard, opens the visits of a step, and is a table and a file", async ({
  page,
  context,
  baseURL,
}) => {
  await dealsReport(page, context, String(baseURL), "Flow");
  await expect(page).toHaveURL(/tab=flow/);

  const chart = page.getByRole("slider", { name: "Day" });
  await chart.focus();
  const last = Number(await chart.getAttribute("aria-valuemax"));
  expect(last).toBe(89);
  await expect(chart).toHaveAttribute("aria-valuenow", String(last));
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowLeft");
  await expect(chart).toHaveAttribute("aria-valuenow", String(last - 8));
  await expect(chart).toHaveAttribute("aria-valuetext", /in progress in all$/);
  await page.keyboard.press("ArrowDown");
  await expect(chart).toHaveAttribute("aria-valuetext", /: Qualify, \d+ in progress/);

  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sel=qualify/);
  await expect(page.getByRole("heading", { name: "Visits behind “Qualify”" })).toBeVisible();

  await page.getByText("As a table").click();
  await expect(page.getByRole("region", { name: "As a table" }).getByRole("row")).toHaveCount(last + 2);

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV by day" }).click();
  expect((await saved).suggestedFilename()).toBe("flow-days-opportunity_to_close.csv");
  await expect(page.getByRole("link", { name: "CSV", exact: true })).toHaveAttribute(
    "download",
    "flow-opportunity_to_close.csv",
  );
});

test("the oldest of a step is found by keyboard, told in words, and opened", async ({ page, context, baseURL }) => {
  await dealsReport(page, context, String(baseURL), "Ageing");
  await expect(page).toHaveURL(/tab=ageing/);
  await expect(page.getByRole("heading", { name: /open are older than 85 % of those finished$/ })).toBeVisible();
  const chart = page.getByRole("listbox", { name: "Open visits by step and age" });
  await chart.focus();
  await page.keyboard.press("ArrowRight");
  const oldest = chart.getByRole("option", { selected: true });
  await expect(oldest).toHaveAccessibleName(/, Qualify, .+ in the step, longer than \d+% of those finished$/);
  const first = await oldest.getAttribute("id");
  await page.keyboard.press("ArrowDown");
  await expect(oldest).not.toHaveAttribute("id", first!);
  await page.keyboard.press("ArrowUp");
  await expect(oldest).toHaveAttribute("id", first!);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/records\/\w+/);
});
