/**
 * Random approvals on the bare engine: levels of random roles and needs, people who are away, hand over or leave while it runs, and
 * random decisions. What comes of it is what a plain count says, and never without enough different people, none of whom asked.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Facts } from "@/server/engine/events.ts";
import { newLead, placeOf } from "../support/flow-play.ts";
import { openBareBench } from "../support/bare-bench.ts";
import { barePerson } from "../support/bare-world.ts";
import { textGraph } from "../support/text-graph.ts";

const names = ["ann", "bob", "cam", "dan", "eve", "fay"];
const hour = 3_600_000;
const votes = ["approved", "approved", "approved", "rejected", "returned"] as const;

const level = fc.record({
  ask: fc.uniqueArray(fc.constantFrom("*red", "blue", "green", ...names.map((name) => `@${name}`)), {
    minLength: 1,
    maxLength: 3,
  }),
  needs: fc.constantFrom("all", "any", "majority", 1, 2),
});
const scenario = fc.record({
  levels: fc.array(level, { minLength: 1, maxLength: 3 }),
  roles: fc.array(fc.subarray(["red", "blue", "green"]), { minLength: names.length, maxLength: names.length }),
  backups: fc.array(fc.option(fc.nat(names.length - 1), { freq: 2 }), {
    minLength: names.length,
    maxLength: names.length,
  }),
  requester: fc.nat(names.length - 1),
  steps: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant("vote" as const), who: fc.nat(5), vote: fc.nat(4) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("away" as const), who: fc.nat(5), after: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("delegate" as const), who: fc.nat(5), to: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), who: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("hand" as const), who: fc.nat(5), to: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), hours: fc.nat(4) }) },
    ),
    { maxLength: 25 },
  ),
});

/** A plain count: each level's decisions in order, as they stand in the log, and nothing else of the engine. */
function counted(opened: Facts["ApprovalLevelOpened"][], decided: Facts["ApprovalDecided"][], all: number) {
  for (const [index, { required, seats }] of opened.entries()) {
    const own = decided.filter(({ seat }) => seat?.startsWith(`${index + 1}.`));
    if (own.some(({ decision }) => decision === "returned")) return "returned";
    const yes = own.filter(({ decision }) => decision === "approved").length;
    const no = own.filter(({ decision }) => decision === "rejected").length;
    const vacant = seats.filter((seat) => seat.vacant).length;
    if (yes >= required) {
      if (index === all - 1) return "approved";
      continue;
    }
    return seats.length - vacant - no < required ? "rejected" : "open";
  }
  return "open";
}

it("random levels, people and decisions come to what a plain count says", async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ levels, roles, backups, requester, steps }) => {
      const people = names.map((id, i) => {
        const backup = backups[i];
        return barePerson(id, { roles: roles[i]!, backupId: backup == null ? null : names[backup]! });
      });
      const bench = openBareBench(undefined, [...people, barePerson("lan", { roles: ["ae"] })]);
      const asker = names[requester]!;
      const key = `rnd${++made}`;
      const fitting = levels.filter(
        ({ ask, needs }) => typeof needs !== "number" || ask.includes("*red") || needs <= ask.length,
      );
      if (!fitting.length) return;
      await bench.publish(
        textGraph(
          key,
          "ask:task\nokay:approval\nstart -> ask -> okay\nokay.approved -> approved\nokay.rejected -> rejected\nokay.returned -> returned",
          {
            roles: Object.fromEntries(["ae", "red", "blue", "green"].map((role) => [role, { name: role }])),
            nodes: { okay: { role: "red", config: { exits: "decision", levels: fitting } } },
          },
        ),
      );
      const runId = await bench.start(key, await newLead(bench, { owner_id: "lan" }), "lead");
      const run = () => bench.run(runId);
      await bench.send({ type: "completeWork", runId, work: "w1", outcome: null, values: {} }, asker);
      for (const step of steps) {
        const person = people["who" in step ? step.who : 0]!;
        const item = Object.values((await run()).work).find(({ assignee }) => assignee === person.id);
        switch (step.do) {
          case "vote":
            if (item)
              await bench.send(
                { type: "completeWork", runId, work: item.id, outcome: votes[step.vote]!, values: {} },
                person.id,
              );
            break;
          case "away":
            person.absences = [{ from: bench.now() + step.after * hour, to: bench.now() + (step.after + 3) * hour }];
            await bench.send({ type: "reviewApprovers", runId });
            break;
          case "delegate":
            if (step.to !== step.who)
              person.delegations = [{ from: bench.now(), to: bench.now() + 3 * hour, delegate: names[step.to]! }];
            await bench.send({ type: "reviewApprovers", runId });
            break;
          case "leave":
            person.active = false;
            await bench.send({ type: "reviewApprovers", runId, gone: person.id });
            break;
          case "hand":
            if (item)
              await bench.send(
                { type: "assignWork", runId, work: item.id, how: { kind: "hand_over", to: names[step.to]! } },
                person.id,
              );
            break;
          case "wait":
            await bench.advance(step.hours * hour);
            break;
          default:
            step satisfies never;
        }
      }
      const facts = await bench.factsOf(runId);
      const of = <T extends keyof Facts>(type: T) =>
        facts.filter((one) => one.type === type).map((one) => one.data as Facts[T]);
      const opened = of("ApprovalLevelOpened");
      const decided = of("ApprovalDecided");
      const outcome = counted(opened, decided, fitting.length);
      const at = await placeOf(bench, runId);
      expect(outcome === "open" ? at.startsWith("okay") : at === outcome, `${outcome}, at ${at}`).toBe(true);
      for (const [index, { required }] of opened.entries()) {
        const own = decided.filter(({ seat }) => seat?.startsWith(`${index + 1}.`));
        const seated = own.flatMap(({ by, for: place }) => [by, ...(place ? [place] : [])]);
        expect(new Set(seated).size).toBe(seated.length);
        expect(seated).not.toContain(asker);
        expect(seated).not.toContain("lan");
        if (index < opened.length - 1 || outcome === "approved")
          expect(
            new Set(own.filter((one) => one.decision === "approved").map((one) => one.by)).size,
          ).toBeGreaterThanOrEqual(required);
      }
      // Of those who are still asked, nobody may be the requester or sit twice.
      const waiting = Object.values((await run()).work).map(({ assignee }) => assignee);
      expect(new Set(waiting).size).toBe(waiting.length);
      expect(waiting).not.toContain(asker);
    }),
    { numRuns: 150 },
  );
});
