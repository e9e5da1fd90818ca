/** What a page loads before it can be used. Counted, not timed, so that it is the same on every machine. */
import { expect, test } from "@playwright/test";
import { loadedScripts } from "../support/loaded-scripts.ts";
import { post, signIn } from "./act.ts";

test("the inbox, the report and the editor load no more script than they may", async ({ context, baseURL }) => {
  await signIn(context, baseURL!, "admin");
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const [process] = await post<{ id: string }[]>(context, "processes.list", undefined, "query");
  for (const [route, most] of [
    ["/inbox", 180],
    [`/reports/${process?.id}`, 260],
    [`/processes/${process?.id}/edit`, 350],
  ] as const) {
    const weight = await loadedScripts(baseURL!, route, cookie);
    expect(weight, route).toBeLessThanOrEqual(most);
    expect(weight, "the page was not read as its scripts are named").toBeGreaterThan(100);
  }
});
