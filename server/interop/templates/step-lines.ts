/** The action lines of one node, and the rungs of one SLA. Words that cannot be done are kept, to be done by hand. */
import type { Action, ProcessNode } from "@/server/engine/process.ts";
import type { Problem } from "@/server/engine/checks/problems.ts";
import { readLine } from "./action-words.ts";
import type { ReadLine } from "./line.ts";
import { readRung } from "./ladder-words.ts";
import { keyOf } from "./recipient.ts";
import { listOf } from "./template-checks.ts";
import type { TemplateNode } from "./template-schema.ts";
import type { Vocabulary } from "./vocabulary.ts";

export function stepLines(
  node: TemplateNode,
  vocabulary: Vocabulary,
  warnings: Problem[],
): Pick<ProcessNode, "actions" | "onComplete" | "checklist"> {
  const isHuman = node.type === "task" || node.type === "approval";
  const checklist: NonNullable<ProcessNode["checklist"]> = [];
  const read = (lines: readonly string[] | undefined) => {
    const actions: Action[] = [];
    let created: Extract<Action, { verb: "create" }> | null = null;
    for (const line of lines ?? []) {
      const found = readLine(line, vocabulary, { hasAssignee: isHuman, created });
      note(line, found, node.id, warnings);
      if (found.kind === "actions") {
        actions.push(...found.actions);
        created = found.actions.find((action) => action.verb === "create") ?? created;
      } else if (found.kind === "intent") {
        if (isHuman) checklist.push({ id: freeId(keyOf(line), checklist), text: line.slice(0, 500), byHand: true });
        else actions.push(byHand(found));
      }
    }
    return actions;
  };
  const actions = read(node.actions);
  const onComplete = read(node.on_complete);
  return {
    ...(checklist.length > 0 && { checklist }),
    ...(actions.length > 0 && { actions }),
    ...(onComplete.length > 0 && { onComplete }),
  };
}

/** The rungs of an SLA. What nobody can do for the process is told to its owner when the rung is reached. */
export function ladder(lines: readonly string[], sla: string, vocabulary: Vocabulary, warnings: Problem[]): Action[] {
  const steps = vocabulary.template.nodes.filter((node) => listOf(node.sla).includes(sla));
  return lines.flatMap((line) => {
    const found = readRung(line, vocabulary, steps);
    note(line, found, steps[0]?.id, warnings);
    if (found.kind === "intent") return [byHand(found)];
    return found.kind === "actions" ? found.actions : [];
  });
}

const byHand = ({ text, when }: Extract<ReadLine, { kind: "intent" }>): Action => ({
  verb: "notify",
  to: "process_owner",
  text,
  byHand: true,
  ...(when && { when }),
});

function freeId(wanted: string, taken: readonly { id: string }[]): string {
  const base = (/^[a-z]/.test(wanted) ? wanted : `by_hand_${wanted}`).slice(0, 60);
  let id = base;
  for (let n = 2; taken.some((item) => item.id === id); n++) id = `${base}_${n}`;
  return id;
}

function note(line: string, found: ReadLine, node: string | undefined, warnings: Problem[]): void {
  if (found.kind !== "actions") return;
  const warn = (code: string, text: string) => {
    if (!warnings.some((known) => known.text === text && known.node === node))
      warnings.push({ severity: "warning", code, text, ...(node && { node }) });
  };
  for (const { who, to } of found.unknown ?? [])
    warn(
      "UNKNOWN_PERSON",
      `“${line}”: ${who} is no role of this process, so ${to === "process_owner" ? "the process owner" : to} is told.`,
    );
  if (found.aside) warn("WORDS_LEFT_OUT", `“${line}” was read without “${found.aside.trim()}”.`);
}
