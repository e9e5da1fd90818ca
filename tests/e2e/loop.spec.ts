import { expect, type Page } from "@playwright/test";
import { test } from "./own-server.ts";

/** What the keyboard is on: its label, or its own words. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement as (HTMLElement & { labels?: NodeListOf<HTMLLabelElement> | null }) | null;
    if (!at || at === document.body) return "";
    return (
      at.getAttribute("aria-label") ??
      ([...(at.labels ?? [])].map((label) => label.textContent).join(" ") || at.textContent || "")
    ).trim();
  });

/** Presses Tab until what is wanted has the focus; nothing is clicked and nothing is focused by script. */
async function tabTo(page: Page, wanted: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < 120; i++) {
    const name = await focused(page);
    if (typeof wanted === "string" ? name === wanted || name.startsWith(wanted) : wanted.test(name)) return;
    seen.push(name.slice(0, 40));
    await page.keyboard.press("Tab");
  }
  throw new Error(`${String(wanted)} was not reached by Tab: ${seen.join(" | ")}`);
}

test("draw a branch, publish, run a deal through it, finish its task and find it in the report, by keyboard alone", async ({
  own: { page },
}) => {
  test.setTimeout(180_000);
  const { keyboard } = page;
  const press = async (...keys: string[]) => {
    for (const key of keys) await keyboard.press(key);
  };

  // Draw: start → Qualify → Go? → end, and a second end.
  await page.goto("/processes");
  await page.waitForLoadState("networkidle");
  await tabTo(page, "New process");
  await press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, "An empty page");
  await keyboard.type("Deal check");
  await press("Enter");
  await page.waitForURL(/\/edit/);
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
  // The focus follows a moment later, as it does for fingers.
  const onStep = () => expect(page.locator(".react-flow__node:focus")).toHaveCount(1);
  const inInspector = () => expect.poll(() => focused(page)).toBe("Name");
  const addAfter = async (kind: string, title: string) => {
    await press("a");
    await expect(page.getByLabel("Find a kind of step")).toBeFocused();
    await keyboard.type(kind);
    await press("Enter");
    await expect(page.getByLabel("Find a kind of step")).toBeHidden();
    await onStep();
    await press("F2");
    await inInspector();
    await press("Control+a");
    await keyboard.type(title);
    await press("Escape");
    await onStep();
  };
  await press("ArrowRight");
  await onStep();
  await addAfter("task", "Qualify");
  await press("Enter");
  await inInspector();
  await tabTo(page, "New role");
  await keyboard.type("Account executive");
  await press("Enter");
  await tabTo(page, "Name, e.g. result");
  await keyboard.type("result");
  await tabTo(page, "Values, with commas");
  await keyboard.type("go, stop");
  await press("Enter");
  await press("Escape");
  await onStep();
  await addAfter("decision", "Go on?");
  await addAfter("end", "Lost");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  // The branch: from the decision, its condition as text.
  await press("ArrowLeft");
  await onStep();
  await press("Enter");
  await inInspector();
  await tabTo(page, "Condition to Lost");
  await keyboard.type('run.result = "stop"');
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await press("F6");
  await tabTo(page, "Publish");
  await press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, "Note");
  await keyboard.type("First version");
  await tabTo(page, /^Publish version 1/);
  await press("Enter");
  await page.waitForURL(/\/processes\/[\w-]+$/);

  const made = await page.evaluate(async () => {
    const post = async (procedure: string, json: unknown) =>
      (
        (await (
          await fetch(`/api/trpc/${procedure}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ json }),
          })
        ).json()) as { result: { data: { json: { id: string } } } }
      ).result.data.json.id;
    const account = await post("records.create", { type: "account", values: { name: "Lotus Foods" } });
    return post("records.create", {
      type: "opportunity",
      values: {
        name: "Lotus 240 seats",
        account_id: account,
        type: "new_business",
        stage: "qualification",
        amount: 8_400_000,
        currency: "USD",
        close_date: "2027-06-30",
        source: "inbound_web",
      },
    });
  });
  await page.goto(`/records/${made}`);
  await page.waitForLoadState("networkidle");
  await tabTo(page, "Start Deal check");
  await press("Enter");
  await expect(page.getByText("At “Qualify”", { exact: false })).toBeVisible();

  // The inbox shows the step; its first outcome is the key 1.
  await press("g", "i");
  await page.waitForURL(/\/inbox/);
  await expect(page.getByRole("heading", { name: "Qualify" })).toBeVisible();
  await press("1");
  await expect(page.getByText("Marked “Go”.", { exact: false })).toBeVisible();

  await press("g", "r");
  await page.waitForURL(/\/reports/);
  await page.waitForLoadState("networkidle");
  await tabTo(page, /^Qualify/);
  await press("Enter");
  await expect(page.getByRole("link", { name: "Lotus 240 seats" }).first()).toBeVisible();
});
