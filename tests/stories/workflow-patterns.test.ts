/** The stories of `workflow-patterns.ts` on both databases; on the bare engine they are in `bare-engine.test.ts`. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";
import { workflowPatterns } from "./workflow-patterns.ts";

describeOnBoth("workflow pattern", (open) => {
  let opened: Promise<Bench> | undefined;
  const theBench = () => (opened ??= open().then((store) => openBench(store)));
  workflowPatterns(theBench);

  it("the log rebuilds all of these", async () => {
    const bench = await theBench();
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
    expect(bench.errors).toEqual([]);
  });
});
