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
    // A server that is busy names the scripts of its error pages as well, which are fetched in any case, but later.
    const weights = [];
    for (let i = 0; i < 3; i++) weights.push(await loadedScripts(baseURL!, route, cookie));
    const weight = Math.min(...weights);
    expect(weight, route).toBeLessThanOrEqual(most);
    expect(weight, "the page was not read as its scripts are named").toBeGreaterThan(100);
  }
});
