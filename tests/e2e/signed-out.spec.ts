import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { startServer } from "../../scripts/server.mjs";
import { call, must, owner, publish, setUp } from "../faults/browser.ts";
import { freePort } from "./own-server.ts";

const care = {
  key: "care",
  name: "Care",
  recordType: "account",
  roles: { am: { name: "Account manager" } },
  forms: { visit: { title: "Visit", fields: [{ field: "account.billing_city" }] } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "visit", kind: "task", name: "Visit", role: "am", form: "visit" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "visit" },
    { id: "e2", from: "visit", to: "done" },
  ],
};

test("a sign-in that ends while a form is open loses nothing of what was typed", async ({ context, page }) => {
  const data = mkdtempSync(path.join(tmpdir(), "millrace-signed-out-"));
  const server = await startServer({ data, port: await freePort() });
  try {
    const cookie = await setUp(server.url);
    await publish(server.url, cookie, care);
    const { id } = await must<{ id: string }>(
      call(server.url, cookie, "records.create", { type: "account", values: { name: "Lotus Foods" } }),
    );
    await must(call(server.url, cookie, "runs.start", { process: "care", recordId: id }));
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value: decodeURIComponent(value), url: server.url, httpOnly: true }]);
    await page.goto(`${server.url}/inbox`);
    await page.getByText("Lotus Foods").first().click();
    const city = page.locator("[data-path='account.billing_city'] input");
    await city.fill("Hanoi");

    // Elsewhere, the session ends.
    await fetch(`${server.url}/api/auth/sign-out`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.url, cookie },
      body: "{}",
    });
    const finish = page.getByRole("article").getByRole("button", { name: /^Done/ });
    await finish.click();
    const notice = page.getByRole("alert").filter({ hasText: "Your sign-in has ended" });
    await expect(notice).toBeVisible();
    await expect(city).toHaveValue("Hanoi");

    const [tab] = await Promise.all([context.waitForEvent("page"), notice.getByRole("link").click()]);
    await tab.getByLabel(/e-mail/i).fill(owner.email);
    await tab.getByLabel(/password/i).fill(owner.password);
    await tab.getByRole("button", { name: /sign in/i }).click();
    await tab.waitForURL(/inbox/);
    await tab.close();
    // Coming back to this tab looks whether one is signed in again.
    await page.bringToFront();
    await expect(notice).toBeHidden();
    await expect(city).toHaveValue("Hanoi");
    await finish.click();
    await expect(page.getByRole("article")).toBeHidden();
    // The card goes before the answer is there; the answer comes when what was typed is stored.
    const cookies = (await context.cookies()).map((one) => `${one.name}=${one.value}`).join("; ");
    const stored = () =>
      fetch(`${server.url}/api/trpc/records.read?input=${encodeURIComponent(JSON.stringify({ json: { id } }))}`, {
        headers: { cookie: cookies },
      }).then((answer) => answer.text());
    await expect.poll(stored).toContain("Hanoi");
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
});
