/** What the cards and connections of the map say, worked out from the document. */
import type { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/problems.ts";
import type { Process, ProcessEdge, ProcessNode } from "@/server/engine/process.ts";
import { exitOf, exitsOf, mainExit } from "./exits.ts";
import type { FlowData } from "./flow-edge.tsx";
import { leadsBack } from "./geometry.ts";
import type { CardData } from "./step-card.tsx";

export type Say = ReturnType<typeof useTranslations<"editor">>;

/** What a step is called where it has no name yet. */
export const stepName = (doc: Process, id: string, t: Say): string => {
  const node = doc.nodes.find((n) => n.id === id);
  return node?.name || (node ? t("unnamedKind", { kind: t(`kinds.${node.kind}`) }) : id);
};

/** The name of an exit: a known word, the outcome's label, or the time after which it is taken. */
export function exitName(doc: Process, node: ProcessNode, port: string, t: Say): string {
  const timer = node.boundary?.find((b) => b.id === port);
  if (timer) return t("afterTime", { time: timer.after });
  const outcomes = node.config.outcomes;
  if (Array.isArray(outcomes))
    for (const one of outcomes as { id?: unknown; label?: unknown }[])
      if (one.id === port && typeof one.label === "string") return one.label;
  return t.has(`exit.${port}`) ? t(`exit.${port}` as "exit.late") : port;
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
      return typeof what === "string" && what ? `${kind} · ${what}` : kind;
    }
    case "subprocess":
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
  };
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
  const label = edge.label || (edge.otherwise ? t("otherwise") : edge.when ? shortened(edge.when) : port);
  return {
    look: exit.timed ? "late" : back ? "back" : edge.otherwise ? "otherwise" : edge.when ? "conditional" : "plain",
    label: label || null,
    whole: [edge.label, edge.when, edge.otherwise && t("otherwise")].filter(Boolean).join(" – ") || null,
    problem: problems.find((p) => p.edge === edge.id)?.text ?? null,
    handle: back && !exit.timed ? "back" : exit.port,
  };
}
