/** What the cards and connections of the map say, worked out from the document. */
import type { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/checks/problems.ts";
import type { Process, ProcessEdge, ProcessNode } from "@/server/engine/process.ts";
import { type WaitBranch, waitBranch } from "@/server/steps/wait/step.ts";
import { bodyOf, isEntry, isOwner, nestedIn } from "../process/nesting.ts";
import { exitOf, exitsOf, mainExit } from "./exits.ts";
import type { FlowData } from "./flow-edge.tsx";
import { leadsBack } from "./geometry.ts";
import type { Sign } from "./signs.tsx";
import type { CardData } from "./step-card.tsx";

export type Say = ReturnType<typeof useTranslations<"editor">>;

/** What a step is called where it has no name yet. */
export const stepName = (doc: Process, id: string, t: Say): string => {
  const node = doc.nodes.find((n) => n.id === id);
  return node?.name || (node ? t("unnamedKind", { kind: t(`kinds.${node.kind}`) }) : id);
};

/** The name of an exit: a known word, the outcome's label, or the time after which it is taken. */
export function exitName(doc: Process, node: ProcessNode, port: string, t: Say): string {
  const boundary = node.boundary?.find((b) => b.id === port);
  if (boundary?.kind === "timer") return t("afterTime", { time: boundary.after });
  if (boundary?.kind === "message") return boundary.event;
  if (boundary?.kind === "error")
    return boundary.code ? t("flow.errorCode", { code: boundary.code }) : t("flow.anyError");
  if (boundary?.kind === "record_changed") return boundary.when ? shortened(boundary.when) : t("flow.recordChanged");
  const branch = waitBranches(node).find((b) => b.id === port);
  if (branch) return branchName(branch, t) ?? port;
  const outcomes = node.config.outcomes;
  if (Array.isArray(outcomes))
    for (const one of outcomes as { id?: unknown; label?: unknown }[])
      if (one.id === port && typeof one.label === "string") return one.label;
  return t.has(`exit.${port}`) ? t(`exit.${port}` as "exit.late") : port;
}

/** What a wait for the first of many looks out for. */
export function waitBranches(node: ProcessNode): WaitBranch[] {
  if (node.kind !== "wait" || node.config.for !== "first" || !Array.isArray(node.config.branches)) return [];
  return node.config.branches.flatMap((one) => {
    const parsed = waitBranch.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}

/** What a branch of a wait is about, in few words; null when it does not say yet. */
function branchName(branch: WaitBranch, t: Say): string | null {
  const { event, condition, duration, until } = branch;
  const what = { event, condition, duration, date: until }[branch.for];
  if (!what) return null;
  return branch.for === "duration" ? t("afterTime", { time: what }) : shortened(what);
}

/** A target as people read it: `PT8H` and `8h` are 8 h, `P3D` 3 d, `2bd` 2 working days. What is neither stays as it is. */
export function shortTarget(target: string, t: Say): string {
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/i.exec(target);
  const plain = /^(\d+)\s*(bd|d|h|m)$/i.exec(target);
  if (plain) return t(`unit.${(plain[2] ?? "d").toLowerCase()}` as "unit.d", { n: Number(plain[1]) });
  const parts = iso
    ? (["w", "d", "h", "m"] as const).flatMap((unit, i) =>
        iso[i + 1] ? t(`unit.${unit}`, { n: Number(iso[i + 1]) }) : [],
      )
    : [];
  return parts.join(" ") || target;
}

/** The field that the first condition of a decision asks about. */
const asked = (doc: Process, id: string) =>
  doc.edges.filter((e) => e.from === id).flatMap((e) => /[a-z]\w*\.[a-z]\w*/i.exec(e.when ?? "")?.[0] ?? [])[0] ?? null;

/** The second row of a card. */
function second(doc: Process, node: ProcessNode, t: Say): string {
  const kind = t(`kinds.${node.kind}`);
  if (node.role) return doc.roles[node.role]?.name ?? node.role;
  switch (node.kind) {
    case "task":
    case "approval":
      return `${kind} · ${t("noOwner")}`;
    case "decision":
      return `${kind} · ${t("branchCount", { n: doc.edges.filter((e) => e.from === node.id).length })}`;
    case "automation":
      return `${kind} · ${t("actionCount", { n: node.actions?.length ?? 0 })}`;
    case "wait": {
      const what =
        node.config[
          { duration: "duration", date: "until", event: "event", condition: "condition" }[String(node.config.for)] ?? ""
        ];
      if (node.config.for === "first") return `${kind} · ${t("flow.firstOf", { n: waitBranches(node).length })}`;
      return typeof what === "string" && what ? `${kind} · ${what}` : kind;
    }
    case "for_each": {
      const { over, list, records, mode } = node.config;
      const what = over === "records" ? records : list;
      const how = mode === "sequential" ? t("flow.oneByOne") : t("flow.allAtOnce");
      return [kind, typeof what === "string" && what, how].filter(Boolean).join(" · ");
    }
    case "join":
      return node.config.mode === "taken"
        ? t("flow.joinTaken")
        : node.config.mode === "n_of_m"
          ? t("flow.joinSome", {
              n: Number(node.config.count ?? 0),
              m: doc.edges.filter((e) => e.to === node.id).length,
            })
          : kind;
    case "inclusive":
      return `${kind} · ${t("branchCount", { n: doc.edges.filter((e) => e.from === node.id).length })}`;
    case "subprocess":
      if (node.config.inline === true) return `${kind} · ${t("stepCount", { n: bodyOf(doc, node.id).length })}`;
      return node.config.process ? `${kind} · ${String(node.config.process)}` : kind;
    default:
      return kind;
  }
}

export function cardOf(
  doc: Process,
  node: ProcessNode,
  more: { problems: readonly Problem[]; wip: number; changed: boolean; alone: boolean; tokens?: number },
  t: Say,
): CardData {
  const own = more.problems.filter((p) => p.node === node.id);
  const first = own.find((p) => p.severity === "error") ?? own[0];
  const kpi = doc.kpis.find((k) => k.node === node.id && k.target !== undefined);
  const verbs = [...new Set((node.kind === "automation" ? node.actions : []) ?? [])].map((a) => t(`verb.${a.verb}`));
  return {
    name: node.name || t("unnamed"),
    kind: node.kind,
    second: second(doc, node, t),
    sla:
      (node.slas ?? []).flatMap((key) => (doc.slas[key] ? shortTarget(doc.slas[key].target, t) : [])).join(" · ") ||
      null,
    kpi: kpi ? String(kpi.target) : null,
    does: [...new Set(verbs)].join(", ") || null,
    asks: node.kind === "decision" ? asked(doc, node.id) : null,
    wip: more.wip,
    problem: first ? { text: own.map((p) => p.text).join("\n"), error: first.severity === "error" } : null,
    note: node.note ?? null,
    changed: more.changed,
    alone: more.alone,
    tokens: more.tokens ?? 0,
    endsWell: node.kind === "end" && node.config.outcome === "success",
    exits: exitsOf(doc, node),
    signs: signsOf(node, t),
    owner: isOwner(node),
    entry: isEntry(doc, node),
    empty: isOwner(node) && bodyOf(doc, node.id).length === 0,
    depth: nestedIn(doc, node.id),
  };
}

/** What a step is besides its kind, as small signs with words: a goal, an end that ends all, a step that can be taken back. */
export function signsOf(node: ProcessNode, t: Say): Sign[] {
  const { config } = node;
  const signs: Sign[] = [];
  if (node.kind === "end") {
    if (config.goal || config.goalEvent) signs.push({ icon: "goal", text: t("flow.goalMark") });
    if (config.terminate === true) signs.push({ icon: "terminate", text: t("terminate") });
    if (config.error) signs.push({ icon: "error", text: t("flow.endsWithError", { code: String(config.error) }) });
  }
  if (node.compensate?.length) signs.push({ icon: "compensate", text: t("flow.canBeTakenBack") });
  if (node.multiMerge) signs.push({ icon: "merge", text: t("flow.multiMerge") });
  return signs;
}

/** What a reader of the screen hears of a step. */
export function spokenStep(doc: Process, node: ProcessNode, card: CardData, t: Say): string {
  return [
    t("stepLabel", {
      name: card.name,
      kind: t(`kinds.${node.kind}`),
      n: doc.edges.filter((e) => e.from === node.id).length,
    }),
    node.role && card.second,
    card.entry && t("flow.entry"),
    ...card.signs.map((sign) => sign.text),
    card.sla && t("slaChip", { target: card.sla }),
    card.wip > 0 && t("inProgress", { n: card.wip }),
    card.problem?.text,
  ]
    .filter(Boolean)
    .join(", ");
}

const shortened = (text: string) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);

export function flowOf(
  doc: Process,
  edge: ProcessEdge,
  problems: readonly Problem[],
  t: Say,
): FlowData & { handle: string } {
  const node = doc.nodes.find((n) => n.id === edge.from);
  const exits = node ? exitsOf(doc, node) : [];
  const exit = exitOf(exits, edge);
  const back = leadsBack(doc, edge);
  const port = node && exits.length > 1 && exit.port !== mainExit ? exitName(doc, node, exit.port, t) : null;
  const said = edge.label || (edge.otherwise ? t("otherwise") : edge.when ? shortened(edge.when) : port);
  const label = [said, edge.cap !== undefined && t("flow.cap", { n: edge.cap })].filter(Boolean).join(" · ");
  return {
    look: exit.mark ? "late" : back ? "back" : edge.otherwise ? "otherwise" : edge.when ? "conditional" : "plain",
    mark: exit.mark,
    label: label || null,
    whole: [edge.label, edge.when, edge.otherwise && t("otherwise")].filter(Boolean).join(" – ") || null,
    problem: problems.find((p) => p.edge === edge.id)?.text ?? null,
    handle: back && !exit.mark ? "back" : exit.port,
  };
}
