/** A problem of the flow is not only named: the run that gets stuck is played on the map, by clock or by key. */
import { expect, test } from "@playwright/test";
import { post, signIn } from "./act.ts";

const task = (id: string, name: string, x: number, y: number) => ({
  id,
  kind: "task",
  name,
  role: "am",
  position: { x, y },
});

/** One branch is chosen, the join waits for both. */
const deadlock = {
  key: "waits_for_both",
  name: "Waits for both",
  recordType: "account",
  roles: { am: { name: "Account manager" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", position: { x: 0, y: 100 }, config: { trigger: "manual" } },
    { id: "which", kind: "decision", name: "Which way?", position: { x: 280, y: 100 } },
    task("call", "Call", 600, 0),
    task("mail", "Mail", 600, 200),
    { id: "both", kind: "join", name: "Both done", position: { x: 920, y: 100 } },
    { id: "done", kind: "end", name: "Done", position: { x: 1080, y: 100 }, config: { outcome: "success" } },
  ],
  edges: [
    { id: "e1", from: "start", to: "which" },
    { id: "e2", from: "which", to: "call", when: 'account.currency = "EUR"' },
    { id: "e3", from: "which", to: "mail", otherwise: true },
    { id: "e4", from: "call", to: "both" },
    { id: "e5", from: "mail", to: "both" },
    { id: "e6", from: "both", to: "done" },
  ],
};

test("a run that gets stuck is played step by step, and says what happens", async ({ page, context, baseURL }) => {
  await signIn(context, baseURL!, "admin");
  await page.emulateMedia({ reducedMotion: "reduce" });
  const there = await post<{ id: string; key: string }[]>(context, "processes.list", undefined, "query");
  const made = there.find((one) => one.key === deadlock.key)?.id;
  const id = made ?? (await post<{ processId: string }>(context, "processes.create", { document: deadlock })).processId;
  await page.goto(`/processes/${id}/edit`);
  await page.getByRole("button", { name: "Play how a run gets to “Both done”" }).click();
  const game = page.getByRole("toolbar", { name: "How a run gets there" });
  const said = game.getByRole("status");
  // Who asked for no movement begins still, and goes by key.
  await expect(said).toHaveText("A run begins.");
  await expect(game.getByRole("button", { name: "Play" })).toBeFocused();
  for (const words of ["“Start” is done, on to “Which way?”.", "“Which way?” goes to “Call”."]) {
    await page.keyboard.press("ArrowRight");
    await expect(said).toHaveText(words);
  }
  await page.keyboard.press("ArrowRight");
  await expect(said).toHaveText(
    "“Call” is done, on to “Both done”. Waits at “Both done” for a branch that never comes.",
  );
  await expect(page.locator(".react-flow__node", { hasText: "A run is here" })).toHaveText(/Both done/);
  await expect(game.getByRole("button", { name: "One step on" })).toBeDisabled();
  await page.keyboard.press("ArrowLeft");
  await expect(said).toHaveText("“Which way?” goes to “Call”.");
  await page.keyboard.press("Home");
  await expect(said).toHaveText("A run begins.");
  await page.keyboard.press("Escape");
  await expect(game).toBeHidden();
  await expect(page.getByRole("button", { name: "Play how a run gets to “Both done”" })).toBeFocused();
});

test("by the clock it plays to its end, and again", async ({ page, context, baseURL }) => {
  await signIn(context, baseURL!, "admin");
  const there = await post<{ id: string; key: string }[]>(context, "processes.list", undefined, "query");
  const made = there.find((one) => one.key === deadlock.key)?.id;
  const id = made ?? (await post<{ processId: string }>(context, "processes.create", { document: deadlock })).processId;
  await page.goto(`/processes/${id}/edit`);
  await page.getByRole("button", { name: "Play how a run gets to “Both done”" }).click();
  const game = page.getByRole("toolbar", { name: "How a run gets there" });
  await expect(game.getByRole("status")).toContainText("for a branch that never comes", { timeout: 15_000 });
  await game.getByRole("button", { name: "Play again" }).click();
  await expect(game.getByRole("button", { name: "Pause" })).toBeVisible();
  await game.getByRole("button", { name: "Pause" }).click();
  await expect(game.getByRole("button", { name: "Play" })).toBeVisible();
});
