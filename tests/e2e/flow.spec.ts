/** Control flow on screen: a for-each with its steps inside, an exit for errors, a run that is moved by hand. */
import { expect } from "@playwright/test";
import { post } from "./act.ts";
import { violations, wider } from "./findings.ts";
import { test } from "./own-server.ts";

test("draw a for-each with a step inside and an exit for errors, publish it, and move a run in it by hand", async ({
  own: { context, page },
}) => {
  test.setTimeout(120_000);
  const made = await post<{ processId: string }>(context, "processes.create", {
    document: {
      key: "lines",
      name: "Quote lines",
      recordType: "lead",
      roles: { ae: { name: "Account executive" } },
      nodes: [
        { id: "start", kind: "start", name: "Start", position: { x: 0, y: 0 } },
        { id: "done", kind: "end", name: "Done", position: { x: 320, y: 0 } },
      ],
      edges: [{ id: "e1", from: "start", to: "done" }],
    },
  });

  // Draw: after the start a for-each, which comes with a step and an end inside.
  await page.goto(`/processes/${made.processId}/edit`);
  const map = page.locator(".react-flow");
  await map.getByText("Start", { exact: true }).click();
  await page.keyboard.press("a");
  await page.getByLabel("Find a kind of step").fill("for each");
  await page.keyboard.press("Enter");
  await expect(page.locator(".react-flow__node")).toHaveCount(5);
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await inspector.getByLabel("Name", { exact: true }).fill("Each line");
  await inspector.getByLabel("List (FEEL)").fill('["Licences", "Support"]');
  await inspector.getByRole("tab", { name: "When done" }).click();
  await inspector.getByRole("button", { name: "What may happen meanwhile" }).click();
  await inspector.getByLabel("Add what may happen…").selectOption("error");
  await inspector.getByLabel("Exit of the new connection").selectOption({ label: "any error" });
  await inspector.getByLabel("Connect Each line to…").selectOption({ label: "Done" });
  // Down goes into the frame; what is added there stays inside.
  await page.keyboard.press("Escape");
  await expect(page.locator(".react-flow__node:focus")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(inspector.getByLabel("Name", { exact: true })).toHaveValue("");
  await inspector.getByLabel("Name", { exact: true }).fill("Ask");
  await expect(page.getByText("Nothing blocks publishing", { exact: false })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByLabel("Note").last().fill("First version");
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await page.waitForURL(/\/processes\/[\w-]+$/);
  await expect(page.locator(".react-flow__node")).toHaveCount(5);

  // Run: the record says which item it is at.
  const { id } = await post<{ id: string }>(context, "records.create", {
    type: "lead",
    values: { last_name: "Lotus", email: "a@lotus.test", company_name: "Lotus Foods", source: "inbound_web" },
  });
  await page.goto(`/records/${id}`);
  await page.getByRole("button", { name: "Start Quote lines" }).click();
  await expect(page.getByText("Each line, 1 of 2: Licences")).toBeVisible();
  await expect(page.getByText("At any error: Done").first()).toBeVisible();

  // Moved by hand, with a reason that stands in the history.
  await page.getByRole("button", { name: "Move by hand…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Skip this step").check();
  await dialog.getByLabel("Where it stands").selectOption({ label: "Ask (Licences)" });
  await dialog.getByLabel("Reason").fill("agreed on the phone");
  await expect(dialog.getByText("The open task “Ask (Licences)” (Linh Trần) is cancelled.")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Skip it" }).click();
  await expect(page.getByText("1 of 2 done, one under way.")).toBeVisible();
  await expect(page.getByText("“Ask” skipped by hand: agreed on the phone")).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  // The page is drawn anew after a move; its title comes a moment later.
  await expect(page).toHaveTitle(/\S/);
  expect(await violations(page)).toEqual([]);
  expect(await wider(page)).toEqual([]);
});
