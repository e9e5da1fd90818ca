/** The stories of `gates.ts` on both databases and on the bare engine. */
import { describe, expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { openBareBench } from "../support/bare-bench.ts";
import { barePerson } from "../support/bare-world.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";
import { gates } from "./gates.ts";

describe("gates on the bare engine", () => {
  const bench = openBareBench(undefined, [
    barePerson("lan", { roles: ["ae"] }),
    barePerson("mai", { roles: ["manager"] }),
  ]);
  gates(async () => bench);
});

describeOnBoth("gates", (open) => {
  let opened: Promise<Bench> | undefined;
  const theBench = () => (opened ??= open().then((store) => openBench(store)));
  gates(theBench);

  it("the log rebuilds all of these", async () => {
    const bench = await theBench();
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
