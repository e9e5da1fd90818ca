/** What operators do when something is wrong: an incident in each way it goes on, a batch stopped half way, a connection tried, time moved ahead. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type BrowserContext, expect } from "@playwright/test";
import { post } from "./act.ts";
import { violations } from "./findings.ts";
import { test } from "./own-server.ts";

/** A step whose second action fails while the account is small; in the second version it never does. */
const drawn = (mended: boolean) => ({
  key: "size_up",
  name: "Size up",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  variables: { note: { type: "text" }, tries: { type: "integer", default: 0 } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" }, position: { x: 0, y: 0 } },
    {
      id: "write",
      kind: "automation",
      name: "Write",
      position: { x: 300, y: 0 },
      actions: [
        { verb: "set", field: "run.tries", value: "run.tries + 1" },
        {
          verb: "set",
          field: "run.note",
          value: mended ? '"mended"' : 'if account.employee_count > 10 then "big" else number("x")',
        },
      ],
    },
    { id: "visit", kind: "task", name: "Visit", role: "ae", position: { x: 600, y: 0 } },
    { id: "done", kind: "end", name: "Done", position: { x: 900, y: 0 } },
  ],
  edges: [
    { id: "e0", from: "start", to: "write" },
    { id: "e1", from: "write", to: "visit" },
    { id: "e2", from: "visit", to: "done" },
  ],
});

async function publish(context: BrowserContext, id: string, mended: boolean): Promise<void> {
  const edit = await post<{ revision: number; liveVersion: number | null }>(context, "processes.edit", { id }, "query");
  const saved = await post<{ revision: number }>(context, "processes.save", {
    id,
    revision: edit.revision,
    baseVersion: edit.liveVersion,
    document: drawn(mended),
  });
  await post(context, "processes.publish", { id, note: "as agreed", revision: saved.revision });
}

const ways = [
  { company: "Lotus", how: "With the same action", go: "Try again", value: true },
  { company: "Maple", how: "From the start of the step", go: "Begin the step anew", live: true },
  { company: "Olive", how: "From the start of the run", go: "Begin the run anew", live: true },
  { company: "Quince", how: "Without this action", go: "Skip the action" },
  { company: "Walnut", how: "With the same action", go: "Try again", live: true },
];

test("runs that are stuck go on in each of the ways there are, on their own version or the new one", async ({
  own: { context, page },
}) => {
  test.setTimeout(120_000);
  const { processId } = await post<{ processId: string }>(context, "processes.create", { document: drawn(false) });
  await publish(context, processId, false);
  const ids = new Map<string, string>();
  for (const { company } of ways) {
    const values = { name: company, employee_count: 3 };
    const { id } = await post<{ id: string }>(context, "records.create", { type: "account", values });
    await post(context, "runs.start", { process: "size_up", recordId: id });
    ids.set(company, id);
  }
  await publish(context, processId, true);
  await page.goto("/operate/incidents");
  await expect(page.getByText("Version 2 is live; this run goes on in version 1.").first()).toBeVisible();
  for (const [at, { company, how, go, value, live }] of ways.entries()) {
    await page.getByRole("button", { name: `Mend ${company}` }).click();
    const panel = page.getByRole("form", { name: "Mend and go on" });
    await expect(panel.getByText("Failed: Set a field, action 2 of 2.")).toBeVisible();
    if (at === 0) expect(await violations(page)).toEqual([]);
    await panel.getByLabel("How does it go on?").selectOption({ label: how });
    if (value) await panel.getByLabel("Employees").fill("40");
    if (how === "Without this action") await panel.getByLabel("Why?").fill("not needed for small ones");
    if (live) await panel.getByLabel("In version 2, to which the run is moved first").check();
    await panel.getByRole("button", { name: go }).click();
    await expect(page.getByText("1 run went on, none is stuck again.")).toBeVisible();
    await expect(page.getByRole("link", { name: company })).toBeHidden();
  }
  const { runs } = await post<{ runs: { recordId: string; version: number }[] }>(
    context,
    "operate.runs",
    { filter: { process: "size_up" } },
    "query",
  );
  const versionOf = new Map(runs.map(({ recordId, version }) => [recordId, version]));
  for (const { company, live } of ways) expect(versionOf.get(ids.get(company)!), company).toBe(live ? 2 : 1);
  await page.goto(`/records/${ids.get("Quince")}`);
  await expect(page.getByText(/not needed for small ones/)).toBeVisible();
  await page.goto(`/records/${ids.get("Maple")}`);
  await expect(page.getByText("Visit").first()).toBeVisible();
});

test("a connection is tried, and says what its other side answered", async ({ own: { page } }) => {
  const seen: string[] = [];
  let [status, type] = [200, "application/json"];
  const other = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(status, { "content-type": type }).end("{}");
  });
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  try {
    await page.goto("/settings/connections");
    await page.getByRole("button", { name: "Add a connection" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Billing");
    await dialog.getByLabel("Address").fill(`http://127.0.0.1:${(other.address() as AddressInfo).port}/v1`);
    await dialog.getByLabel("Secret").fill("s3cret");
    await dialog.getByLabel("Path that the test asks for").fill("/ping");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Test Billing" }).click();
    await expect(page.getByText("Billing answered 200.")).toBeVisible();
    expect(seen).toEqual(["GET /v1/ping Bearer s3cret"]);
    expect(await violations(page)).toEqual([]);
    type = "text/html";
    await page.getByRole("button", { name: "Test Billing" }).click();
    await expect(page.getByText("Billing was reached and answered 200. The answer is not JSON")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    status = 503;
    await page.getByRole("button", { name: "Test Billing" }).click();
    await expect(page.getByText(/503/)).toBeVisible();
  } finally {
    other.close();
  }
});

test("a batch is stopped half way, and goes on where it was", async ({ own: { context, page } }) => {
  test.setTimeout(120_000);
  const { processId } = await post<{ processId: string }>(context, "processes.create", { document: drawn(true) });
  await publish(context, processId, true);
  // More than are done in one turn.
  const many = 700;
  const start = async (n: number) => {
    const values = { name: `Company ${n}` };
    const { id } = await post<{ id: string }>(context, "records.create", { type: "account", values });
    await post(context, "runs.start", { process: "size_up", recordId: id });
  };
  await start(0);
  for (let n = 1; n < many; n += 100)
    await Promise.all(Array.from({ length: Math.min(100, many - n) }, (_, i) => start(n + i)));
  await page.goto("/operate?process=size_up&status=active");
  await page.getByRole("button", { name: /^Act on all/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What is to be done").selectOption("Suspend");
  await dialog.getByLabel("Why").fill("Prices are wrong");
  await dialog.getByRole("button", { name: "See what would happen" }).click();
  await dialog.getByRole("button", { name: `Start on ${many} runs` }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("button", { name: "Go on" })).toBeVisible();
  const progress = page.getByRole("status").filter({ hasText: "looked at" });
  const first = Number(/(\d+) of/.exec((await progress.textContent()) ?? "")?.[1]);
  expect(first).toBeLessThan(many);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText(`${many} of ${many} looked at, 0 refused`)).toBeVisible({ timeout: 30_000 });
});

test("time of a workspace for practice is moved ahead by a click, and what is due happens", async ({
  own: { context, page },
}) => {
  await page.goto("/settings/workspace");
  await page.getByRole("button", { name: "Use this workspace for practice" }).click();
  const clock = page.getByRole("region", { name: "Practice clock" });
  const { processId } = await post<{ processId: string }>(context, "processes.create", {
    document: {
      ...drawn(true),
      slas: { answer: { name: "Answer", target: "PT4H" } },
      nodes: drawn(true).nodes.map((node) => (node.id === "visit" ? { ...node, slas: ["answer"] } : node)),
    },
  });
  await post(context, "processes.publish", { id: processId, note: "as agreed", revision: 1 });
  const { id } = await post<{ id: string }>(context, "records.create", { type: "account", values: { name: "Lotus" } });
  await post(context, "runs.start", { process: "size_up", recordId: id });
  await page.goto("/settings/workspace");
  const before = await clock.textContent();
  await clock.getByRole("button", { name: "+1 day" }).click();
  await expect(clock).not.toHaveText(before ?? "");
  expect(await violations(page)).toEqual([]);
  await page.goto(`/records/${id}`);
  await expect(page.getByText(/overdue|breached|missed/i).first()).toBeVisible();
});
