/** What happens to one token is not why another one went on. */
import { expect, it } from "vitest";
import { finish } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { beginWay, toldWhy } from "@/tests/support/told-way.ts";

const hour = 3_600_000;

it("a wait ends by its condition, whatever other branches went through meanwhile", async () => {
  const { bench, lead, runId } = await beginWay(
    textGraph(
      "ways",
      `both:parallel
       a:wait
       after:task
       size:automation
       b:task
       c:task
       d:task
       e:wait for=event event=signed
       f:task
       sub:subprocess inline=true
       inner:task in=sub
       over:end in=sub
       inner -> over
       g:task
       start -> both -> a
       a.event -> after
       after -> done
       both -> size -> b -> finished
       b.reply -> c
       c -> d -> finished
       d.bad -> e
       e.event -> f
       f -> finished
       f.late -> sub -> g -> finished`,
      {
        nodes: {
          a: { config: { for: "condition", condition: 'lead.country = "VN"' } },
          size: { actions: [{ verb: "throw", code: "too_big", text: "too big", when: "lead.website = null" }] },
          b: { boundary: [{ id: "reply", kind: "message", event: "reply.received" }] },
          d: {
            boundary: [{ id: "bad", kind: "error", code: "bad" }],
            onComplete: [{ verb: "throw", code: "bad", text: "no good" }],
          },
          f: { boundary: [{ id: "late", kind: "timer", after: "PT1H" }] },
        },
      },
    ),
  );
  const step = async (does: () => Promise<unknown>) => {
    await bench.advance(hour / 2);
    await does();
    await bench.engine.worker.drain();
  };
  const tokenAt = async (node: string) =>
    Object.values((await bench.run(runId)).tokens).find((t) => t.node === node)!.id;
  await step(() => bench.change(lead, { website: "https://sen.com" }));
  await step(() => bench.send({ type: "retryIncident", runId, incident: "i1" }, "linh"));
  await step(() => bench.send({ type: "receiveMessage", runId, event: "reply.received", payload: {} }));
  const token = await tokenAt("c");
  await step(() => bench.send({ type: "jump", runId, how: { kind: "skip", token }, reason: "known" }, "linh"));
  await step(() => finish(bench, runId, "d"));
  await step(() => bench.send({ type: "receiveMessage", runId, event: "signed", payload: {} }));
  await step(() => bench.advance(hour));
  await step(() => finish(bench, runId, "inner"));
  const other = await tokenAt("g");
  await step(() => bench.change(lead, { country: "VN" }));
  expect(await toldWhy(bench, runId, await tokenAt("after"))).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 a no. 1 left 02T07:30 by condition, port event",
      "02T07:30 after no. 1 → lan (rule, sticky)",
    ]
  `);
  expect(await toldWhy(bench, runId, other)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 size no. 1 left 02T03:00 by retried, port done",
      "02T03:00 b no. 1 → lan (rule, record_owner) left 02T03:30 by boundary “reply”, port reply",
      "  not done to finished: answer",
      "02T03:30 c no. 1 → lan (rule, record_owner) left 02T04:00 by skipped “known”, port done",
      "02T04:00 d no. 1 → lan (rule, record_owner) left 02T04:30 by error “bad”, port bad",
      "  not done to finished: answer",
      "02T04:30 e no. 1 left 02T05:00 by message “signed”, port event",
      "02T05:00 f no. 1 → lan (rule, sticky) left 02T06:00 by boundary “late”, port late",
      "  not done to finished: answer",
      "02T06:00 sub no. 1 left 02T07:00 by inside, port done",
      "02T07:00 g no. 1 → lan (rule, sticky)",
    ]
  `);
});
