/** Versions in flight on screen: publish and let runs stay, look at a move, mend the map, move some, and take it back. */
import { type BrowserContext, expect } from "@playwright/test";
import { post } from "./act.ts";
import { violations, wider } from "./findings.ts";
import { test } from "./own-server.ts";

/** Two steps; in the second version the first has another name and target, and the other has gone. */
const drawn = (second: boolean) => {
  const [call, after] = second ? ["phone", "review"] : ["call", "check"];
  const task = (id: string, name: string, x: number, slas: string[] = []) => ({
    id,
    kind: "task",
    name,
    role: "ae",
    position: { x, y: 0 },
    slas,
  });
  return {
    key: "care",
    name: "Care",
    recordType: "lead",
    roles: { ae: { name: "Account executive" } },
    slas: { answer: { name: "Answer", target: second ? "PT4H" : "PT8H" } },
    nodes: [
      { id: "start", kind: "start", name: "Start", position: { x: 0, y: 0 } },
      task(call, second ? "Call by phone" : "Call", 300, ["answer"]),
      second
        ? { id: after, kind: "automation", name: "Review", position: { x: 600, y: 0 } }
        : task(after, "Look it over", 600),
      { id: "done", kind: "end", name: "Done", position: { x: 900, y: 0 } },
    ],
    edges: [
      { id: "e1", from: "start", to: call },
      { id: "e2", from: call, to: after },
      { id: "e3", from: after, to: "done" },
    ],
  };
};

async function publish(context: BrowserContext, id: string, second: boolean): Promise<void> {
  const edit = await post<{ revision: number; liveVersion: number | null }>(context, "processes.edit", { id }, "query");
  const saved = await post<{ revision: number }>(context, "processes.save", {
    id,
    revision: edit.revision,
    baseVersion: edit.liveVersion,
    document: drawn(second),
  });
  await post(context, "processes.publish", { id, note: "as agreed", revision: saved.revision });
}

test("runs stay where they are when a version is published; some are moved, one is refused with its reason, and all of it is taken back", async ({
  own: { context, page },
}) => {
  test.setTimeout(120_000);
  const { processId } = await post<{ processId: string }>(context, "processes.create", { document: drawn(false) });
  await publish(context, processId, false);
  const leads: string[] = [];
  for (const company of ["Lotus", "Maple", "Olive", "Quince"]) {
    const { id } = await post<{ id: string }>(context, "records.create", {
      type: "lead",
      values: { last_name: company, email: `a@${company}.test`, company_name: company, source: "inbound_web" },
    });
    await post(context, "runs.start", { process: "care", recordId: id });
    leads.push(id);
  }
  await page.goto(`/records/${leads[3]}`);
  await page.getByRole("button", { name: "Move by hand…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Skip this step").check();
  await dialog.getByLabel("Reason").fill("called yesterday");
  await dialog.getByRole("button", { name: "Skip it" }).click();
  await expect(page.getByText("“Call” skipped by hand: called yesterday")).toBeVisible();
  await publish(context, processId, true);

  // They stay, and the process says so.
  await page.goto(`/processes/${processId}`);
  await page
    .getByRole("link", { name: "4 runs are still on another version than new ones start on. Move them…" })
    .click();
  await expect(page.getByRole("heading", { name: "Move runs of Care" })).toBeVisible();
  await expect(page.getByLabel("What “Call” becomes")).toHaveValue("phone");
  await expect(page.getByText("Proposed by name and place: please look")).toBeVisible();
  await expect(page.getByText("1 run stands here: choose a step")).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // Looked at: three would move with the time their clock has left, one would stay, and why.
  await page.getByRole("button", { name: "Look at 4 runs" }).click();
  await expect(page.getByText("3 would move", { exact: true })).toBeVisible();
  await expect(
    page.getByRole("button", { name: "1 × It stands at “Look it over”, which becomes no step." }),
  ).toBeVisible();
  await expect(page.getByText(/stays due/)).toHaveCount(3);
  expect(await violations(page)).toEqual([]);

  // Mended: another step of its kind. Then its branch fits, and what was looked at is looked at again.
  await page.getByLabel("What “Look it over” becomes").selectOption({ label: "Call by phone" });
  await page.getByLabel("Open clocks of “Answer”").selectOption({ label: "take 4 h, with what has elapsed" });
  await page.getByRole("button", { name: "Look at 4 runs" }).click();
  await expect(page.getByText("4 would move", { exact: true })).toBeVisible();
  await expect(page.getByText(/instead of/)).toHaveCount(3);
  await page.getByLabel("Move Maple").uncheck();
  await page.getByLabel("Why are they moved?").fill("the new way is shorter");
  await page.getByRole("button", { name: "Move 3 runs to version 2" }).click();
  await expect(page.getByText("3 moved, 0 refused, 0 left as they were")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Version 1 → 2" })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // The record tells of it, by whom and why.
  await page.goto(`/records/${leads[0]}`);
  await expect(page.getByText("Moved from version 1 to 2: the new way is shorter")).toBeVisible();
  await page.goBack();

  // And back.
  await page.getByRole("button", { name: "Take it back" }).click();
  await page.getByLabel("Why is it taken back?").fill("too early");
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("Taken back: 3 runs; 0 stayed where they are. Reason: too early")).toBeVisible();
  await page.goto(`/records/${leads[0]}`);
  await expect(page.getByText("Moved back from version 2 to 1: too early")).toBeVisible();

  // One alone, from its record: looked at, moved, and back again.
  await page.getByRole("button", { name: "Version…" }).press("Enter");
  const alone = page.getByRole("dialog");
  await expect(alone.getByText("This run is on version 1.")).toBeVisible();
  await expect(alone.getByText(/stays due/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await alone.getByLabel("Why").fill("it asked for it");
  await alone.getByRole("button", { name: "Move to version 2" }).click();
  await expect(page.getByText("Moved from version 1 to 2: it asked for it")).toBeVisible();
  await page.getByRole("button", { name: "Version…" }).click();
  await expect(alone.getByText("It was moved from version 1;")).toBeVisible();
  await alone.getByLabel("Why").fill("and then not");
  await alone.getByRole("button", { name: "Back to version 1" }).click();
  await expect(page.getByText("Moved back from version 2 to 1: and then not")).toBeVisible();

  await page.goto(`/processes/${processId}/migrate`);
  await expect(page.getByLabel("Runs of")).toContainText("Version 1: 4 runs");
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page).toHaveTitle(/\S/);
  expect(await violations(page)).toEqual([]);
  expect(await wider(page)).toEqual([]);
});

/** Two branches that meet; the third version has a step more in one of them, and two timers at its edge instead of one. */
const branched = (version: 1 | 2 | 3) => {
  const task = (id: string, name: string, y: number, boundary: object[] = []) => ({
    id,
    kind: "task",
    name,
    role: "ae",
    position: { x: 300, y },
    boundary,
  });
  const late = (id: string, after: string) => ({ id, kind: "timer", after });
  const [draft, check] = version === 3 ? ["prepare", "verify"] : ["draft", "check"];
  return {
    key: "offer",
    name: "Offer",
    recordType: "account",
    runPolicy: "many",
    roles: { ae: { name: "Account executive" } },
    nodes: [
      { id: "start", kind: "start", name: "Start", config: { trigger: "manual" }, position: { x: 0, y: 0 } },
      { id: "both", kind: "parallel", name: "Both", position: { x: 150, y: 0 } },
      task(
        draft,
        version === 3 ? "Prepare it" : "Draft",
        0,
        version === 3 ? [late("soon", "P1D"), late("tardy", "P9D")] : [late("late", "P5D")],
      ),
      task(check, version === 3 ? "Verify it" : "Check", 200),
      version === 3 ? task("sign", "Sign", 0) : { id: "gone", kind: "end", name: "Gone", position: { x: 600, y: 100 } },
      { id: "meet", kind: "join", name: "Meet", config: { mode: "taken" }, position: { x: 600, y: 0 } },
      { id: "done", kind: "end", name: "Done", position: { x: 750, y: 0 } },
    ],
    edges: [
      { id: "e1", from: "start", to: "both" },
      { id: "e2", from: "both", to: draft },
      { id: "e3", from: "both", to: check },
      ...(version === 3
        ? [
            { id: "e4a", from: draft, to: "sign" },
            { id: "e4b", from: "sign", to: "meet" },
            { id: "e9", from: draft, to: "sign", port: "soon" },
            { id: "e10", from: draft, to: "sign", port: "tardy" },
          ]
        : [
            { id: "e4", from: draft, to: "meet" },
            { id: "e8", from: draft, to: "gone", port: "late" },
          ]),
      { id: "e5", from: check, to: "meet" },
      { id: "e6", from: "meet", to: "done", ...(version === 2 && { label: "Offered" }) },
    ],
  };
};

test("runs of two versions go to a third, each with its own map, also what stands before a join and at the edge of a step", async ({
  own: { context, page },
}) => {
  test.setTimeout(120_000);
  const { processId } = await post<{ processId: string }>(context, "processes.create", { document: branched(1) });
  const live = async (version: 1 | 2 | 3) => {
    const edit = await post<{ revision: number; liveVersion: number | null }>(
      context,
      "processes.edit",
      { id: processId },
      "query",
    );
    const base = { id: processId, revision: edit.revision, baseVersion: edit.liveVersion };
    const { revision } = await post<{ revision: number }>(context, "processes.save", {
      ...base,
      document: branched(version),
    });
    await post(context, "processes.publish", { id: processId, note: "as agreed", revision });
  };
  await live(1);
  const ids: string[] = [];
  for (const name of ["Lotus", "Maple"]) {
    const { id } = await post<{ id: string }>(context, "records.create", { type: "account", values: { name } });
    await post(context, "runs.start", { process: "offer", recordId: id });
    ids.push(id);
    if (ids.length === 1) await live(2);
  }
  // One branch of the first run waits before the join.
  const { rows } = await post<{ rows: { id: string; record: { id: string }; title: string }[] }>(
    context,
    "inbox.list",
    undefined,
    "query",
  );
  const draft = rows.find(({ record, title }) => record.id === ids[0] && title === "Draft");
  await post(context, "inbox.complete", { id: draft?.id, outcome: null, values: {} });
  await live(3);
  await page.goto(`/processes/${processId}/migrate?from=1.2&into=offer&to=3`);
  await expect(page.getByRole("heading", { name: "Version 1: 1 run" })).toBeVisible();
  const older = page.getByRole("region", { name: "Version 1" });
  const newer = page.getByRole("region", { name: "Version 2" });
  await page.getByRole("button", { name: "Look at 2 runs" }).click();
  await expect(page.getByText("2 would stay", { exact: true })).toBeVisible();
  await older.getByLabel("What “Draft → Meet” becomes").selectOption({ label: "Sign → Meet" });
  await newer.getByLabel("What “Draft” becomes").selectOption({ label: "Prepare it" });
  const event = newer.getByLabel("What “Draft: late → Gone” becomes");
  await event.selectOption({ label: "Prepare it: tardy → Sign" });
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Look at 2 runs" }).click();
  await expect(page.getByText("2 would move", { exact: true })).toBeVisible();
  await expect(page.getByText(/“tardy” still rings/)).toBeVisible();
  await expect(page.getByText(/“soon” is new and rings/)).toBeVisible();
  await page.getByLabel("Why are they moved?").fill("all on the newest");
  await page.getByRole("button", { name: "Move 2 runs to version 3" }).click();
  await expect(page.getByText("2 moved, 0 refused, 0 left as they were")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Version 1, 2 → 3" })).toBeVisible();
  for (const id of ids) {
    await page.goto(`/records/${id}`);
    await expect(page.getByText(/^Moved from version [12] to 3: all on the newest$/)).toBeVisible();
  }
});
