/** What a timer of a run is for, in the names that people know. */
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run, Timer } from "@/server/engine/model.ts";
import { timeoutTimer } from "@/server/engine/work/open-approval.ts";
import { awayTimer } from "@/server/engine/work/seats.ts";

/**
 * `sla`: the next rung of a clock, of a step or of the whole run. `step`: a wait is over. `exit`: a boundary of the step. `approval`: nobody has decided. `seat`:
 * whoever decides is away. `snooze`: work comes back. `back`: a field is what it was. `message`: one that nobody took is let go.
 * `review`: conditions that only time changes. `name`: of the SLA, exit, field or event; `step`: where it stands.
 */
export type NamedTimer = {
  what: "sla" | "slaOfRun" | "step" | "exit" | "approval" | "seat" | "snooze" | "back" | "message" | "review";
  name: string;
  step: string;
};

export function nameTimer({ document, nodes, slas }: CompiledProcess, run: Run, timer: Timer): NamedTimer {
  const stepOf = (node: string | null | undefined) => (node ? nodes.get(node)?.node.name || node : "");
  const at = timer.token ? run.tokens[timer.token]?.node : null;
  if (timer.clock) {
    const clock = run.clocks[timer.clock];
    const name = clock ? (slas.get(clock.sla)?.sla.name ?? clock.sla) : document.name;
    return { what: clock?.node ? "sla" : "slaOfRun", name, step: stepOf(clock?.node) };
  }
  if (timer.work) return { what: "snooze", name: "", step: stepOf(run.work[timer.work]?.node) };
  if (timer.back) return { what: "back", name: timer.back.field, step: "" };
  if (timer.name === "review") return { what: "review", name: "", step: "" };
  if (timer.name.startsWith("message:")) {
    const id = timer.name.slice("message:".length);
    return { what: "message", name: run.messages[id]?.event ?? id, step: "" };
  }
  if (timer.name.startsWith("boundary:"))
    return { what: "exit", name: timer.name.slice("boundary:".length), step: stepOf(at) };
  if (timer.name === timeoutTimer) return { what: "approval", name: "", step: stepOf(at) };
  if (timer.name.startsWith(awayTimer)) return { what: "seat", name: "", step: stepOf(at) };
  return { what: "step", name: timer.name, step: stepOf(at) };
}
