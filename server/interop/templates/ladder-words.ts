/** What an SLA's `on_warn` and `on_breach` lines do. */
import type { Action } from "@/server/engine/process.ts";
import { readLine } from "./action-words.ts";
import { one, type ReadLine } from "./line.ts";
import { keyOf, roleAhead } from "./recipient.ts";
import type { TemplateNode } from "./template-schema.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** `steps`: the nodes that carry the SLA. */
export function readRung(line: string, vocabulary: Vocabulary, steps: readonly TemplateNode[]): ReadLine {
  const text = line.trim();
  const hasAssignee = steps.length === 0 || steps.some((node) => node.type === "task" || node.type === "approval");
  if (/^(reassign|delegate|assign to)\b/.test(text))
    return one(reassignment(text, vocabulary), text.startsWith("reassign after") ? text.slice(9) : undefined);
  if (/^raise\b/.test(text)) return one({ verb: "escalate", to: hasAssignee ? "assignee" : "owner", text });
  if (/^send reminder\b/.test(text)) {
    const template = steps
      .flatMap((node) => [...(node.actions ?? []), ...(node.on_complete ?? [])])
      .flatMap((action) => /^send_template\s+([a-z][a-z0-9_]*)/.exec(action)?.[1] ?? [])[0];
    return template ? one({ verb: "send_template", template }) : { kind: "intent", text };
  }
  const read = readLine(text, vocabulary, { hasAssignee, created: null });
  const allowed =
    read.kind !== "actions" ||
    read.actions.every(
      ({ verb }) => verb === "notify" || verb === "escalate" || verb === "log" || verb === "set" || verb === "emit",
    );
  return allowed ? read : { kind: "intent", text };
}

/** The step's role, unless the words name another role or a queue: "reassign within csm_pool", "assign to sdr_manager". */
function reassignment(text: string, { template }: Vocabulary): Action {
  const words = text.split(/\s+/);
  for (let from = 1; from < words.length; from++) {
    const rest = words.slice(from).join(" ");
    const role = template.queues[keyOf(rest)]?.role ?? roleAhead(rest, template)?.key;
    if (role) return { verb: "reassign", role };
  }
  return { verb: "reassign" };
}
