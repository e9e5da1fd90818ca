/** The demo's processes: the shipped templates, published a year ago, one of them again half way, one left as a broken draft. */
import { createProcess } from "@/server/commands/create-process.ts";
import { saveDraft } from "@/server/commands/drafts.ts";
import { publishProcess } from "@/server/commands/publish-process.ts";
import type { Action, Process } from "@/server/engine/process.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { opsPerson } from "./people.ts";
import { askOf, type DemoWorld } from "./world.ts";

const published = [
  "inbound_lead_to_meeting",
  "outbound_sequence",
  "opportunity_to_close",
  "quote_to_order",
  "deal_desk_approval",
];
const dealProcess = "opportunity_to_close";
const quoteProcess = "quote_to_order";
const draftOf = "opportunity_to_close";

export async function publishProcesses(world: DemoWorld): Promise<void> {
  for (const key of published) {
    const document = await templateOf(key);
    const made = await createProcess(world.engine, askOf(world, opsPerson), opsPerson, document);
    if (!made.ok) throw new Error(made.text);
    await publish(world, made.processId, document, null, "As it came with the template");
  }
}

/** Managers are reminded early from here on: reviews wait half as long. */
export async function publishDealVersion(world: DemoWorld): Promise<void> {
  const document = await templateOf(dealProcess);
  const sla = document.slas.review_window!;
  await publish(
    world,
    await processId(world, dealProcess),
    { ...document, slas: { ...document.slas, review_window: { ...sla, warnAt: [25, 50] } } },
    1,
    "Managers are reminded of a deal review after two hours, not after six",
  );
}

/** Activated orders now start the hand-over to onboarding, which nobody has published: they stop there until somebody does. */
export async function publishQuoteVersion(world: DemoWorld): Promise<void> {
  await publish(
    world,
    await processId(world, quoteProcess),
    await templateOf(quoteProcess, [...published, "customer_onboarding_handoff"]),
    1,
    "An activated order starts the hand-over to onboarding",
  );
}

/** Three things to repair: nobody does the demo, one decision has no way out, one time limit names no calendar. */
export async function leaveDraft(world: DemoWorld): Promise<void> {
  const document = await templateOf(draftOf);
  const { role: _role, ...nobody } = document.nodes.find((n) => n.id === "demo")!;
  const draft: Process = {
    ...document,
    nodes: document.nodes.map((n) => (n.id === "demo" ? nobody : n)),
    edges: document.edges.filter((e) => e.id !== "gw_signature_to_close_lost"),
    slas: { ...document.slas, legal_first_pass: { ...document.slas.legal_first_pass!, calendar: "legal_hours" } },
  };
  const saved = await saveDraft(world.engine, askOf(world, opsPerson), opsPerson, {
    processId: await processId(world, draftOf),
    revision: 0,
    document: draft,
    baseVersion: await liveVersion(world, draftOf),
  });
  if (!saved.ok) throw new Error(saved.text);
}

/** Nothing is connected in the demo: steps do without the systems that the templates would call. */
async function templateOf(key: string, startable: readonly string[] = published): Promise<Process> {
  const document = await readShippedTemplate(key);
  if (!document) throw new Error(`There is no template ${key}.`);
  const stays = (action: Action) =>
    action.verb !== "connector" &&
    !(action.verb === "notify" && action.byHand) &&
    (action.verb !== "start_process" || startable.includes(action.process));
  return {
    ...document,
    // The demo's quotes have no price lines, so an order's variance from its quote is unknown: the stated reason decides alone.
    edges: document.edges.map((edge) =>
      edge.id === "gw_valid_to_gw_po" ? { ...edge, when: 'order.fallout_reason = "none"' } : edge,
    ),
    nodes: document.nodes.map((node) => (node.actions ? { ...node, actions: node.actions.filter(stays) } : node)),
  };
}

async function publish(
  world: DemoWorld,
  id: string,
  document: Process,
  baseVersion: number | null,
  note: string,
): Promise<void> {
  const answer = await publishProcess(world.engine, askOf(world, opsPerson), {
    processId: id,
    document,
    note,
    baseVersion,
    memberId: opsPerson,
    changes: 1,
  });
  if (!answer.ok) throw new Error(answer.text);
}

const live = async (world: DemoWorld, key: string) => {
  const found = (await world.engine.contexts.get(world.workspaceId, world.clock.now())).live.get(key);
  if (!found) throw new Error(`${key} is not published.`);
  return found;
};
const processId = async (world: DemoWorld, key: string) => (await live(world, key)).id;
const liveVersion = async (world: DemoWorld, key: string) => (await live(world, key)).version;
