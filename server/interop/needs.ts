/** What a process needs from outside before all of it runs by itself: the list "what you need" of an import or a draft. */
import { connectionOf } from "@/server/engine/named-connections.ts";
import type { Action, Process } from "@/server/engine/process.ts";

/**
 * `intent`: words done by hand until something is connected. `connector`, `template` (of a mail), `process`: to be set up
 * under this key. `node` is where it is first needed.
 */
export type Need = { node?: string; text: string; why: "intent" | "connector" | "template" | "process" };

export function needsOf(process: Process): Need[] {
  const needs: Need[] = [];
  const add = (need: Need) => {
    const known = needs.some(
      ({ why, text, node }) => why === need.why && text === need.text && (why !== "intent" || node === need.node),
    );
    if (!known) needs.push(need);
  };
  const actions = (list: readonly Action[] | undefined, node: string | undefined) => {
    for (const action of list ?? []) {
      const need = needOf(action);
      if (need) add({ ...(node && { node }), ...need });
    }
  };
  for (const node of process.nodes) {
    for (const item of node.checklist ?? []) if (item.byHand) add({ node: node.id, text: item.text, why: "intent" });
    actions(node.actions, node.id);
    actions(node.onComplete, node.id);
    if (node.kind === "subprocess" && typeof node.config.process === "string" && node.config.process)
      add({ node: node.id, text: node.config.process, why: "process" });
  }
  for (const [key, sla] of Object.entries(process.slas)) {
    const node = process.nodes.find(({ slas }) => slas?.includes(key))?.id;
    actions(sla.onWarn, node);
    actions(sla.onBreach, node);
    for (const rung of sla.ladder ?? []) actions(rung.do, node);
  }
  return needs;
}

function needOf(action: Action): Need | null {
  switch (action.verb) {
    case "notify":
      return action.byHand && action.text ? { text: action.text, why: "intent" } : null;
    case "connector":
    case "http":
    case "chat": {
      const connection = connectionOf(action);
      return connection === undefined ? null : { text: connection, why: "connector" };
    }
    case "send_template":
      return { text: action.template, why: "template" };
    case "start_process":
      return { text: action.process, why: "process" };
    default:
      return null;
  }
}
