/** Does for real what an explanation names: as the people, clocks and senders it speaks of would. */
import type { Deed } from "@/server/engine/explain/dry-run.ts";
import { byObject } from "@/server/engine/explain/settings.ts";
import { linksFor } from "@/server/engine/records.ts";
import { startedRun } from "@/server/engine/started-run.ts";
import { lookingTurn } from "@/server/engine/explain/looking.ts";
import type { Refusal, Values } from "@/server/engine/model.ts";
import type { openBareBench } from "./bare-bench.ts";

type Bench = ReturnType<typeof openBareBench>;

/** The first refusal, or null when all was done. */
export async function doDeeds(bench: Bench, runId: string, deeds: readonly Deed[]): Promise<Refusal | null> {
  for (const deed of deeds) {
    const answer = await doOne(bench, runId, deed);
    await bench.engine.worker.drain();
    if (!answer.ok) return answer;
  }
  return null;
}

async function doOne(bench: Bench, runId: string, deed: Deed): Promise<{ ok: true } | Refusal> {
  const run = await bench.run(runId);
  switch (deed.kind) {
    case "set":
      for (const settings of byObject(deed.settings).values()) {
        const values: Values = Object.fromEntries(settings.map(({ field, to }) => [field, to]));
        const { record, type } = settings[0]!;
        if (record) await bench.change(record, values);
        else
          await bench.record(type, {
            ...linksFor(lookingTurn(bench.process(run), run, bench.world(), 0), type),
            ...values,
          });
      }
      return { ok: true };
    case "complete": {
      const { work, by, outcome, values, tick } = deed;
      if (deed.claim) {
        const claimed = await bench.send({ type: "assignWork", runId, work, how: { kind: "claim" } }, by);
        if (!claimed.ok) return claimed;
      }
      const done = { type: "completeWork" as const, runId, work, outcome, values, ...(tick && { checklist: tick }) };
      return bench.send(done, by);
    }
    case "time":
      await bench.advance(Math.max(0, deed.due - bench.now()));
      return { ok: true };
    case "message": {
      const { event, key } = deed;
      return bench.send({ type: "receiveMessage", runId, event, payload: {}, ...(key !== null && { key }) });
    }
    case "answer":
      return bench.send({ type: "effectAnswered", runId, effect: deed.effect, ok: true, result: null });
    case "child": {
      const child = deed.child.includes("/")
        ? deed.child.split("/")[0]!
        : startedRun(run.workspaceId, runId, deed.child);
      // However it ends, its caller goes on.
      return bench.send({ type: "cancelRun", runId: child, reason: "over" }, "linh");
    }
    case "retry":
      return bench.send({ type: "retryIncident", runId, incident: deed.incident }, "linh");
    case "resume":
      return bench.send({ type: "resumeRun", runId }, "linh");
    case "skip":
      return bench.send(
        {
          type: "jump",
          runId,
          how: { kind: "skip", token: deed.token, ...(deed.port && { port: deed.port }) },
          reason: "x",
        },
        "linh",
      );
    case "jump":
      return bench.send(
        { type: "jump", runId, how: { kind: "jump", token: deed.token, to: deed.to }, reason: "as explained" },
        "linh",
      );
    default:
      return deed satisfies never;
  }
}
