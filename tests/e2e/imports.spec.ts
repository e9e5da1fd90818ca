import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { setUp, startServer } from "../../scripts/server.mjs";
import { cookieOf, freePort, owner } from "./own-server.ts";

const crm = path.join(process.cwd(), "../shared/data/crm");
const data = mkdtempSync(path.join(tmpdir(), "millrace-imports-"));
let server: Awaited<ReturnType<typeof startServer>>;
let cookie: string;
test.beforeAll(async () => {
  server = await startServer({ data, port: await freePort() });
  cookie = await setUp(server.url, owner);
});
test.afterAll(async () => {
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});
test.beforeEach(async ({ context }) => {
  await context.addCookies([cookieOf(cookie, server.url)]);
});

async function call<T>(procedure: string, input: unknown): Promise<T> {
  const answer = await fetch(`${server.url}/api/trpc/${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, cookie },
    body: JSON.stringify({ json: input }),
  });
  const body = (await answer.json()) as { result?: { data: { json: T } } };
  if (!body.result) throw new Error(`${procedure}: ${JSON.stringify(body)}`);
  return body.result.data.json;
}

const give = (page: Page, name: string, bytes: Buffer | string) =>
  page.locator("input[type=file]").setInputFiles({
    name,
    mimeType: "text/csv",
    buffer: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes),
  });

/** From the file to its result, by the buttons a person presses. */
async function bring(page: Page, name: string, bytes: Buffer | string, before?: () => Promise<void>): Promise<string> {
  await page.goto(`${server.url}/imports`);
  await give(page, name, bytes);
  await page.getByRole("button", { name: "Check the file" }).click();
  const go = page.getByRole("button", { name: /^Import (one|[\d,]+) (record|case)s?$/ });
  await expect(go).toBeEnabled();
  await before?.();
  await go.click();
  const result = page.getByRole("region", { name });
  await expect(result.getByText("Done", { exact: true })).toBeVisible({ timeout: 45_000 });
  return result.getByRole("status").innerText();
}

const withTables = existsSync(crm) ? test : () => {};

withTables(
  "the four tables of a pipeline come in by the screen, deals start their process, and the last is taken back",
  async ({ page }) => {
    const { processId } = await call<{ processId: string }>("processes.fromTemplate", { key: "opportunity_to_close" });
    await call("processes.publish", { id: processId, note: "first", revision: 1 });
    const file = (name: string) => readFileSync(path.join(crm, name));
    expect(await bring(page, "accounts.csv", file("accounts.csv"))).toBe(
      "85 rows: 85 new, 0 changed, 0 left out, 0 runs started.",
    );
    expect(await bring(page, "products.csv", file("products.csv"))).toContain("7 rows: 7 new");
    expect(await bring(page, "sales_teams.csv", file("sales_teams.csv"))).toContain("35 rows");
    const lines = file("sales_pipeline.csv").toString().split("\r\n");
    const some = lines.slice(0, 301).join("\r\n");
    const engaging = lines.slice(1, 301).filter((line) => line.includes(",Engaging,")).length;
    const told = await bring(page, "sales_pipeline.csv", some, async () => {
      await page.getByLabel("Start new records in").selectOption("opportunity_to_close");
      await page.getByLabel("Only records where …").check();
      await page.getByLabel("Field", { exact: true }).selectOption("stage");
      await page.getByLabel("Value", { exact: true }).selectOption("discovery");
    });
    expect(told).toBe(`300 rows: 300 new, 0 changed, 0 left out, ${engaging} runs started.`);
    await page.getByRole("button", { name: "Take it back" }).click();
    await expect(page.getByText(`300 removed, 0 put back, 0 left`)).toContainText(`${engaging} runs cancelled`);
    await expect(page.getByText("Taken back", { exact: true }).first()).toBeVisible();
  },
);

withTables(
  "a name that is nearly right is put right in words, and what still does not fit can be downloaded",
  async ({ page }) => {
    await page.goto(`${server.url}/imports`);
    await give(
      page,
      "deals.csv",
      "Opportunity name,Account,Amount,Remark\nOne,Acme Corporation,100,a\nTwo,Acme Corporaton,abc,=1+1\nThree,Acme Corporaton,7,c\n",
    );
    await page.getByRole("combobox", { name: "Field for Account" }).selectOption("account_id");
    await page.getByRole("combobox", { name: "Field for Amount" }).selectOption("amount");
    await page.getByRole("button", { name: "Check the file" }).click();
    await expect(page.getByText("Account: Acme Corporaton → Acme Corporation (2 rows)")).toBeVisible();
    await page.getByRole("button", { name: "Use it", exact: true }).click();
    await expect(page.getByText("2 new records, none changed, one row left out.")).toBeVisible();
    await page.getByRole("button", { name: "Import 2 records" }).click();
    await expect(page.getByText("Done", { exact: true }).first()).toBeVisible();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download the rows left out" }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    expect(text).toContain("row,reason,Opportunity name,Account,Amount,Remark");
    expect(text).toContain("Two,Acme Corporaton,abc,'=1+1");
  },
);

test("a log becomes the history of a process and opens in its report; a picture is refused in one sentence", async ({
  page,
}) => {
  const log =
    "Case ID,Activity,Timestamp\n1,Call,2026-01-05T09:00:00Z\n1,Offer,2026-01-06T09:00:00Z\n2,Call,2026-01-07T09:00:00Z\n";
  expect(await bring(page, "calls.csv", log)).toBe("2 cases imported, no row left out.");
  await page.getByRole("link", { name: "Open the report" }).click();
  await expect(page).toHaveURL(/\/reports\/prc_\w+\?from=2026-01-04&to=2026-01-08/);
  await page.goto(`${server.url}/imports`);
  await give(page, "logo.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
  await expect(page.getByRole("alert").first()).toContainText("The file is a picture, not a table of text.");
});
