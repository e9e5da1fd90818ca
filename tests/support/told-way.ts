/** Small drawings in a line of text, and what an explanation says of a run played on one, a line each. */
import type { Evaluated } from "@/server/engine/events.ts";
import { whatMoves } from "@/server/engine/explain/what-moves.ts";
import { type Why, whyHere } from "@/server/engine/explain/why.ts";
import { openBareBench } from "./bare-bench.ts";

type Bench = ReturnType<typeof openBareBench>;
type Node = Record<string, unknown> & { id: string };

export const task = (id: string, more: object = {}): Node => ({ id, kind: "task", name: id, role: "ae", ...more });
export const end = (id: string, outcome = "success"): Node => ({ id, kind: "end", name: id, config: { outcome } });
/** `a:port>b?condition` with ~ for a space, `a>b*` for otherwise. */
const edges = (text: string) =>
  text
    .trim()
    .split(/\s+/)
    .map((one) => {
      const [, from = "", port, to = "", rest = ""] = /^(\w+)(?::(\w+))?>(\w+)(.*)$/.exec(one) ?? [];
      return {
        id: [from, port, to].filter(Boolean).join("_"),
        from,
        to,
        ...(port && { port }),
        ...(rest.startsWith("?") && { when: rest.slice(1).replaceAll("~", " ") }),
        ...(rest === "*" && { otherwise: true }),
      };
    });
export const drawn = (nodes: Node[], lines: string, more: object = {}) => ({
  key: "ways",
  name: "Ways",
  recordType: "lead",
  roles: { ae: { name: "Account executive" } },
  variables: { n: { type: "integer", default: 1 } },
  nodes: [{ id: "start", kind: "start", name: "start" }, ...nodes],
  edges: edges(lines),
  ...more,
});

/** A run on a new lead of Lan, begun by hand. */
export async function beginWay(document: object, values: Record<string, string | null> = {}) {
  const bench = openBareBench();
  await bench.publish(document);
  const lead = await bench.record("lead", {
    last_name: "Hoa",
    email: "hoa@sen.com",
    company_name: "Sen",
    source: "inbound_web",
    owner_id: "lan",
    ...values,
  });
  const runId = await bench.start("ways", lead, "lead");
  return { bench, lead, runId };
}

const clock = (at: number | null) => (at === null ? "-" : new Date(at).toISOString().slice(8, 16));
const condition = (seen: Evaluated | null) =>
  seen ? ` [${seen.text} with ${JSON.stringify(seen.inputs)} = ${JSON.stringify(seen.result)}]` : "";

/** The way, a line each stay, with what was not taken below it. */
function told({ started, way }: Why): string[] {
  return [
    `${clock(started.at)} ${started.trigger} by ${"id" in started.actor ? started.actor.id : "system"}`,
    ...way.flatMap(({ node, no, rework, held, assigned, left, at }) => [
      `${clock(at)} ${node}${no === null ? "" : ` no. ${no}`}${rework ? " again" : ""}` +
        (held ? ` held ${clock(held.at)} to ${clock(held.until)}${condition(held.criteria)}` : "") +
        assigned.map(({ to, why, pick }) => ` → ${to} (${why}, ${pick?.rule ?? "-"})`).join("") +
        (left
          ? ` left ${clock(left.at)} by ${left.by}${left.text ? ` “${left.text}”` : ""}, port ${left.port}${condition(left.condition)}`
          : ""),
      ...(left?.others ?? []).map(
        ({ exit, to, why, due, text, seen }) =>
          `  not ${exit} to ${to}: ${why}${due === null ? "" : ` until ${clock(due)}`}${text ? ` “${text}”` : ""}${condition(seen)}`,
      ),
    ]),
  ];
}

export async function toldWhy(bench: Bench, runId: string, token: string | null = null): Promise<string[]> {
  const run = await bench.run(runId);
  const one = token ?? (run.endedAt === null ? (Object.keys(run.tokens)[0] ?? null) : null);
  return told(whyHere({ process: bench.process(run), events: bench.storyOf(runId), world: bench.world() }, one)!);
}

/** What would move each token, a line each. */
export async function toldMoves(bench: Bench, runId: string): Promise<string[]> {
  const run = await bench.run(runId);
  return whatMoves(bench.process(run), run, bench.world(), bench.now()).flatMap(({ token, node, movers, after }) => [
    `${token} at ${node}${after.length ? ` after ${after.join(" ")}` : ""}`,
    ...movers.map(
      ({ deeds, to, end: over }) =>
        `  ${deeds
          .map((deed) => {
            switch (deed.kind) {
              case "set":
                return `set ${deed.settings.map((s) => `${s.path} to ${JSON.stringify(s.to)}`).join(", ")}`;
              case "complete":
                return `${deed.by} ${deed.claim ? "takes and " : ""}completes ${deed.work}${deed.outcome ? ` “${deed.outcome}”` : ""}${deed.fill.length ? ` filling ${deed.fill.join(", ")}` : ""}`;
              case "time":
                return `at ${clock(deed.due)}`;
              case "message":
                return `message ${deed.event}${deed.key === null ? "" : ` for ${JSON.stringify(deed.key)}`}`;
              case "answer":
                return `answer to ${deed.effect}`;
              case "child":
                return `child ${deed.child} ends`;
              case "retry":
                return `retry ${deed.incident}`;
              case "resume":
                return "resume";
              case "skip":
                return "skip";
              case "jump":
                return `jump to ${deed.to}`;
              default:
                return deed satisfies never;
            }
          })
          .join(", ")} → ${over ?? to.join(", ")}`,
    ),
  ]);
}
