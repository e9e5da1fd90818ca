/** What a drawing refers to has to be in it, under whatever name. */
import { expect, it } from "vitest";
import { textGraph } from "@/tests/support/text-graph.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { processSchema } from "../process.ts";

/** All that is said of references when each of them has this name. */
const said = (name: string) =>
  checkDraft(
    processSchema.parse(
      textGraph("tiny", "call:task\n start -> call -> done", {
        roles: { ae: { name: "Account executive", queue: name, fallback: name } },
        queues: { mine: { role: name, name: "Mine", strategy: "round_robin" } },
        slas: { touch: { name: "Touch", target: "4h", calendar: name } },
        nodes: {
          call: {
            role: name,
            form: name,
            slas: [name],
            decisionTables: [name],
            actions: [{ verb: "assign", queue: name }],
          },
        },
      }),
    ),
  )
    .filter(({ code }) => code === "UNKNOWN_REFERENCE")
    .map(({ text, node, field }) => `${node ?? "-"} ${field}: ${text}`);

it.each(["nothing", "constructor"])("%s is no part of it", (name) => {
  expect(said(name).map((line) => line.replaceAll(name, "NAME"))).toMatchInlineSnapshot(`
    [
      "- slas.touch.calendar: The calendar NAME of the SLA Touch is not in this process.",
      "- roles.ae.queue: The queue NAME of the role Account executive is not in this process.",
      "- roles.ae.fallback: The fallback NAME of the role Account executive is not in this process.",
      "- queues.mine.role: The role NAME of a queue is not in this process.",
      "call role: The role NAME is not in this process.",
      "call form: The form NAME is not in this process.",
      "call slas: The SLA NAME is not in this process.",
      "call decisionTables: The decision table NAME is not in this process.",
      "call actions: The queue NAME is not in this process.",
    ]
  `);
});
