/** The stories of `errors-and-moves.ts` on both databases; on the bare engine they are in `bare-engine.test.ts`. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { joinConfig } from "@/server/steps/join/step.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { processSchema } from "@/server/engine/process.ts";
import { refusedPatterns } from "@/server/engine/checks/refused-patterns.ts";
import { describeOnBoth } from "../support/databases.ts";
import { playOn } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";
import { errorsAndMoves } from "./errors-and-moves.ts";

const day = 24 * 3_600_000;

describeOnBoth("errors and moves", (open) => {
  let opened: Promise<Bench> | undefined;
  const theBench = () => (opened ??= open().then((store) => openBench(store)));
  errorsAndMoves(theBench);

  it("a record comes in again as the process says: always, never, or after some time", async () => {
    const bench = await theBench();
    const text = "ask:task\nstart -> ask -> done";
    const again = async (key: string, reentry: unknown, after: number) => {
      const run = await playOn(bench, key, text, { reentry });
      await run.done("ask");
      await bench.advance(after);
      return bench.start(key, run.id, "lead").then(
        () => "started",
        (error: Error) => error.message,
      );
    };
    expect(await again("again_always", "always", 0)).toBe("started");
    expect(await again("again_never", "never", 30 * day)).toContain("it may come in only once");
    expect(await again("again_soon", { after: "P7D" }, 6 * day)).toContain("it may come in again only P7D after");
    expect(await again("again_late", { after: "P7D" }, 7 * day)).toBe("started");
  });

  it("the log rebuilds all of these", async () => {
    const bench = await theBench();
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
    expect(bench.errors).toEqual([]);
  });
});

const problemsOf = (join: object) =>
  checkDraft(
    processSchema.parse(
      textGraph(
        "refused",
        `split:parallel
         a:task
         b:task
         meet:join
         start -> split -> a -> meet -> done
         split -> b -> meet`,
        { nodes: { meet: { config: join } } },
      ),
    ),
  );

it.each(Object.entries(refusedPatterns))("pattern “%s” is refused with what to draw instead", (mode, pattern) => {
  const [problem] = problemsOf(mode === "discriminator" ? { mode: "n_of_m", count: 1 } : { mode });
  expect(problem).toMatchObject({ severity: "error", code: "BAD_CONFIG", node: "meet" });
  expect(problem?.text).toContain(`(pattern ${pattern.number}) is not available: ${pattern.text}`);
});

it("patterns 34 and 36: instances of a for-each do not go on when it is complete", () => {
  const process = processSchema.parse(
    textGraph(
      "refused_rest",
      `each:for_each list={[1]} as=one rest=keep
       look:task in=each
       seen:end in=each
       look -> seen
       start -> each -> done`,
    ),
  );
  const [problem] = checkDraft(process).filter((p) => p.node === "each");
  expect(problem).toMatchObject({ severity: "error", code: "BAD_CONFIG" });
  expect(problem?.text).toContain("patterns 34 and 36");
  expect(joinConfig.safeParse({ mode: "n_of_m", count: 2 }).success).toBe(true);
});
