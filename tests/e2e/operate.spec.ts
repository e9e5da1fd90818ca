/** Those who run the product: runs are found, held still and let go as a batch, and the queue and the server's health are seen. */
import { expect, test } from "@playwright/test";
import { signIn, stuckProcess } from "./act.ts";

test.beforeEach(async ({ context, baseURL }) => signIn(context, String(baseURL), "admin"));

test("runs are found, looked at beforehand, and suspended and resumed as batches", async ({ page, context }) => {
  await stuckProcess(context, "Round and round");
  await page.goto("/operate?process=round_and_round&status=active", { waitUntil: "networkidle" });
  const table = page.getByRole("region", { name: "Runs" });
  await expect(table.getByText("Endless loop").first()).toBeVisible();
  await table
    .getByRole("checkbox", { name: /^Choose the run of/ })
    .first()
    .check();
  await page.getByRole("button", { name: "Act on 1 run…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What is to be done").selectOption("Suspend");
  await dialog.getByLabel("Why").fill("Prices are wrong");
  await dialog.getByRole("button", { name: "See what would happen" }).click();
  await expect(dialog.getByText("1 would be done")).toBeVisible();
  await dialog.getByRole("button", { name: "Start on 1 run" }).click();
  await expect(page).toHaveURL(/\/operate\/batches\/bat_/);
  await expect(page.getByText("1 of 1 looked at, 0 refused")).toBeVisible();

  await page.goto("/operate?process=round_and_round&status=suspended", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Act on the one found…" }).click();
  await dialog.getByLabel("What is to be done").selectOption("Resume");
  await dialog.getByLabel("Why").fill("Prices are right again");
  await dialog.getByRole("button", { name: "See what would happen" }).click();
  await dialog.getByRole("button", { name: "Start on 1 run" }).click();
  await expect(page.getByText("1 of 1 looked at, 0 refused")).toBeVisible();
  await page.goto("/operate/batches", { waitUntil: "networkidle" });
  await expect(page.getByRole("cell", { name: "Prices are right again" }).first()).toBeVisible();
});

test("a step is stopped with a reason and started again", async ({ page, context }) => {
  await stuckProcess(context, "Round and round");
  await page.goto("/processes", { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "Round and round" }).first().click();
  await page.getByRole("button", { name: "Stop a step…" }).click();
  await page.getByLabel("What is stopped").selectOption("Until it has a currency");
  await page.getByLabel("Why").fill("Audit");
  await page.getByRole("button", { name: "Stop it", exact: true }).click();
  const stopped = page.getByText(/Until it has a currency: Audit/);
  await expect(stopped).toBeVisible();
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(stopped).toBeHidden();
});

test("old addresses lead on, and monitors read what the screen shows", async ({ page, request, baseURL }) => {
  await page.goto("/incidents?process=round_and_round");
  await expect(page).toHaveURL(/\/operate\/incidents\?process=round_and_round/);
  await page.goto("/operate/jobs", { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { name: "Jobs and timers" })).toBeVisible();
  await page.goto("/operate/health", { waitUntil: "networkidle" });
  await expect(page.getByText("Ready", { exact: true })).toBeVisible();
  const metrics = await (await request.get(`${String(baseURL)}/metrics`)).text();
  expect(metrics).toMatch(/^millrace_timer_lag_seconds [\d.]+$/m);
  expect((await request.get(`${String(baseURL)}/readyz`)).status()).toBe(200);
});
