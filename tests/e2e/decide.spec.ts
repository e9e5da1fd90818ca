/** A stage that is changed by hand, and an approval that is decided by the link of its mail, on a phone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { setUp, startServer } from "../../scripts/server.mjs";
import { post } from "./act.ts";
import { violations, wider } from "./findings.ts";

const owner = {
  workspace: "Acme",
  name: "Linh Trần",
  email: "linh@acme.test",
  password: "correct horse battery",
  zone: "Asia/Ho_Chi_Minh",
  locale: "en",
};
const port = Number(process.env["E2E_PORT"] ?? 4700) + 19;

/** Sales accepts a qualified lead: only with a role and a title. Then the offer is approved. */
const drawn = {
  key: "accept",
  name: "Accept",
  recordType: "lead",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", position: { x: 0, y: 0 } },
    {
      id: "accept",
      kind: "approval",
      name: "Accept the lead",
      role: "ae",
      position: { x: 300, y: 0 },
      actions: [{ verb: "set", field: "lead.lifecycle_stage", value: '"mql"' }],
      config: {
        exits: "decision",
        levels: [{ ask: ["@owner"], needs: "all" }],
        selfApproval: "allow",
        comment: ["rejected"],
        mail: true,
      },
    },
    {
      id: "work",
      kind: "task",
      name: "Work it",
      role: "ae",
      position: { x: 600, y: 0 },
      entryCriteria: "lead.job_title != null",
      gate: { entry: [{ kind: "field", field: "lead.persona" }] },
      actions: [{ verb: "set", field: "lead.lifecycle_stage", value: '"sal"' }],
    },
    { id: "done", kind: "end", name: "Done", position: { x: 900, y: 0 } },
    { id: "lost", kind: "end", name: "Lost", position: { x: 600, y: 200 } },
  ],
  edges: [
    { id: "e1", from: "start", to: "accept" },
    { id: "e2", from: "accept", port: "approved", to: "work" },
    { id: "e3", from: "accept", port: "rejected", to: "lost" },
    { id: "e4", from: "accept", port: "returned", to: "lost" },
    { id: "e5", from: "work", to: "done" },
  ],
};

async function published(context: BrowserContext): Promise<string> {
  const [me] = await post<{ id: string }[]>(context, "inbox.people", undefined, "query");
  const document = JSON.parse(JSON.stringify(drawn).replaceAll("@owner", `@${me?.id}`)) as typeof drawn;
  const { processId: id } = await post<{ processId: string }>(context, "processes.create", { document });
  const edit = await post<{ revision: number; liveVersion: number | null }>(context, "processes.edit", { id }, "query");
  const saved = await post<{ revision: number }>(context, "processes.save", {
    id,
    revision: edit.revision,
    baseVersion: edit.liveVersion,
    document,
  });
  await post(context, "processes.publish", { id, note: "first", revision: saved.revision });
  return id;
}

const fine = async (page: Page) => {
  // A page that is drawn anew has no title for a moment; what comes or goes has no contrast while it fades.
  await expect(page).toHaveTitle(/\S/);
  await page.evaluate(() => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    return Promise.allSettled(ending.map(({ finished }) => finished));
  });
  expect(await violations(page)).toEqual([]);
  expect(await wider(page)).toEqual([]);
};

test("a stage waits for what its step asks for, and the link of a mail leads to the decision, signed in or not", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const data = mkdtempSync(path.join(tmpdir(), "millrace-decide-"));
  const server = await startServer({ data, port });
  try {
    const [name = "", ...rest] = (await setUp(server.url, owner)).split("=");
    const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 900 } });
    await context.addCookies([{ name, value: rest.join("="), url: server.url }]);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await published(context);
    const lead = async (company: string) => {
      const values = { last_name: company, email: `a@${company}.test`, company_name: company, source: "inbound_web" };
      const { id } = await post<{ id: string }>(context, "records.create", { type: "lead", values });
      await post(context, "runs.start", { process: "accept", recordId: id });
      return id;
    };
    const record = await lead("Lotus");

    // By hand on the record's page: what is missing is filled in on the spot, by keyboard.
    await page.goto(`/records/${record}`);
    await page.getByRole("button", { name: "Change Lifecycle stage" }).click();
    await page.getByLabel("Lifecycle stage").selectOption({ label: "SAL" });
    await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("“Accept” is at work on this record, and its step “Work it”")).toBeVisible();
    await expect(dialog.getByRole("listitem")).toHaveCount(2);
    await fine(page);
    await dialog.getByLabel("Job title").fill("Buyer");
    // On a slow line one types on while it is being saved: what is typed and entered then is saved after it.
    await page.route(/records\.change/, async (route) => {
      await new Promise((done) => setTimeout(done, 500));
      await route.continue();
    });
    const refused = page.waitForResponse(/records\.change/);
    await dialog.getByLabel("Job title").press("Enter");
    await dialog.getByLabel("Persona").fill("Economic buyer");
    await dialog.getByLabel("Persona").press("Enter");
    expect((await refused).ok()).toBe(false);
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("region", { name: "Fields" }).getByText("SAL")).toBeVisible();

    // The mail's link, on a phone, by somebody who is not signed in.
    const tasks = await post<{ rows: { id: string }[] }>(context, "inbox.list", undefined, "query");
    const link = `/decide/${tasks.rows[0]?.id}`;
    const phone = await browser.newContext({ baseURL: server.url, viewport: { width: 390, height: 844 } });
    const small = await phone.newPage();
    small.setDefaultTimeout(15_000);
    await small.goto(link);
    await small.getByLabel("E-mail").fill(owner.email);
    await small.getByLabel("Password").fill(owner.password);
    await small.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(small).toHaveURL(new RegExp(`${link.replaceAll(".", "\\.")}$`));
    await expect(small.getByRole("heading", { name: "Accept the lead" })).toBeVisible();
    await expect(small.getByText("This decision is yours.")).toBeVisible();
    await fine(small);
    await small.getByRole("button", { name: "Reject" }).click();
    await expect(small.getByRole("alert").filter({ hasText: "Say why in the comment" }).last()).toBeVisible();
    await expect(small.getByLabel("Comment")).toBeFocused();
    await fine(small);
    await small.getByLabel("Comment").fill("fits well");
    await small.getByRole("button", { name: "Approve" }).click();
    await expect(small.getByText(/Linh Trần approved this on .*“fits well”/)).toBeVisible();
    // Taken back within ten seconds, as in the inbox, and decided again.
    await small.getByRole("button", { name: "Undo" }).click();
    await expect(small.getByText("This decision is yours.")).toBeVisible();
    await small.getByLabel("Comment").fill("fits well");
    await small.getByRole("button", { name: "Approve" }).click();
    await expect(small.getByText(/Linh Trần approved this on .*“fits well”/)).toBeVisible();
    await expect(small.getByRole("button", { name: "Approve" })).toBeHidden();
    await fine(small);

    // Whoever comes later is told; nothing is decided by looking. And an address of nobody's is not there.
    await page.goto(link);
    await expect(page.getByText("There is nothing left to do here.")).toBeVisible();
    await page.goto("/decide/run_none.w1");
    await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
    await fine(page);

    // A record that nothing is at work on says why.
    const { id: idle } = await post<{ id: string }>(context, "records.create", {
      type: "lead",
      values: { last_name: "Olive", email: "a@olive.test", company_name: "Olive", source: "inbound_web" },
    });
    await page.goto(`/records/${idle}`);
    await page.getByRole("button", { name: "Why does nothing run?" }).click();
    await expect(dialog.getByText("Nothing starts it by itself", { exact: false })).toBeVisible();
    await page.waitForTimeout(200);
    await fine(page);
    await phone.close();
    await context.close();
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
});
