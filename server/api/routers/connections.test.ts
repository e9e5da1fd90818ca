import { beforeAll, expect, it } from "vitest";
import type { Process } from "@/server/engine/process.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { createCaller } from "../router.ts";

let server: TestServer;
let own: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now()));
});

it("says which steps and promises of live processes use a connection, and which wait for what it sends", async () => {
  const { connections, processes } = createCaller({
    services: server.services,
    person: own.people.admin,
    signal: undefined,
  });
  const chat = { kind: "chat" as const, style: "slack" as const };
  const saved = { id: null, key: "sales_chat", name: "Sales chat", config: chat };
  await connections.save({ ...saved, secret: "https://hooks.slack.com/services/T0/B0/x" });
  const says = { verb: "chat", connection: "sales_chat", text: "Paid" };
  const document = textGraph(
    "telling",
    `ask:task
     nap:wait for=event event=payment.received
     tell:automation
     start -> ask -> nap
     nap.event -> tell -> done
     ask.paid -> tell`,
    {
      recordType: "account",
      nodes: {
        ask: {
          name: "Ask for it",
          slas: ["asked"],
          boundary: [{ id: "paid", kind: "message", event: "payment.received", interrupting: true }],
        },
        nap: { name: "Wait for the money" },
        tell: { name: "Tell the team", actions: [says] },
      },
      slas: { asked: { name: "Asked in time", target: "PT4H", starts: "step.entered", onBreach: [says] } },
    },
  ) as Process;
  const { processId: id } = await processes.create({ document });
  const edit = await processes.edit({ id });
  await processes.publish({ id, note: "first", revision: edit.revision });

  const { connections: list } = await connections.list();
  const used = (key: string) => list.find((one) => one.key === key)!;
  expect(used("sales_chat").usedBy).toEqual([
    { id, name: "telling", steps: ["Tell the team", "Asked in time"], needs: true },
  ]);
  expect(used("hook").usedBy).toEqual([
    { id, name: "telling", steps: ["Ask for it", "Wait for the money"], needs: false },
  ]);
  // What a live process calls is not taken away from it; what only sends is.
  await expect(connections.remove({ id: used("sales_chat").id })).rejects.toThrow("uses this connection");
  await connections.remove({ id: used("hook").id });
});
