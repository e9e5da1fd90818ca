/** The kinds that every run knows: cancelled, tried again, moved, suspended, resumed. */
import { z } from "zod";
import { commandKind, skip } from "./command-kind.ts";

const isOver = ({ status }: { status: string }) => status === "completed" || status === "cancelled";
const over = () => skip("This run has ended already.");
const node = z.string().regex(/^[a-z]\w{0,63}$/i);

export const cancel = commandKind({
  action: "runs.cancel",
  params: z.strictObject({}),
  commands: (run, _, { reason }) => (isOver(run) ? over() : [{ type: "cancelRun", reason }]),
});

/** The incidents that were open when the batch was asked for; what is raised anew by trying stands for itself. */
export const retry = commandKind({
  action: "incidents.retry",
  params: z.strictObject({}),
  commands(run, _, { askedAt }) {
    const open = Object.values(run.incidents).filter(({ at }) => at <= askedAt);
    return open.length ? open.map(({ id }) => ({ type: "retryIncident", incident: id })) : skip("It has no incident.");
  },
  judge(after) {
    const again = Object.values(after.incidents).at(-1);
    return again
      ? { result: "refused", text: `Tried again, it stopped again: ${again.text}` }
      : { result: "done", text: null };
  },
});

/** From one step to another, wherever in the run it stands at the first. */
export const move = commandKind({
  action: "runs.jump",
  params: z.strictObject({ from: node, to: node }),
  commands(run, { from, to }, { reason }) {
    if (isOver(run)) return over();
    const tokens = Object.values(run.tokens).filter((token) => token.node === from);
    return tokens.length
      ? tokens.map(({ id }) => ({ type: "jump", how: { kind: "jump", token: id, to }, reason }))
      : skip("It is not at that step.");
  },
});

export const suspend = commandKind({
  action: "runs.suspend",
  params: z.strictObject({ clocks: z.enum(["pause", "go_on"]).default("go_on") }),
  commands(run, { clocks }, { reason }) {
    if (isOver(run)) return over();
    return run.status === "suspended" ? skip("It is suspended already.") : [{ type: "suspendRun", reason, clocks }];
  },
});

export const resume = commandKind({
  action: "runs.resume",
  params: z.strictObject({}),
  commands(run) {
    if (isOver(run)) return over();
    return run.status === "suspended" ? [{ type: "resumeRun" }] : skip("It is not suspended.");
  },
});

/** A step was stopped or started: clocks and held tokens of each run follow. `node`: empty for the whole process. */
export const line = commandKind({
  action: "lines.stop",
  params: z.strictObject({ node: z.union([node, z.literal("")]) }),
  commands(run, { node: at }) {
    if (run.status !== "active") return skip("It has ended or is suspended.");
    const there = Object.values(run.tokens).some((token) => !at || token.node === at);
    return there ? [{ type: "reviewStops" }] : skip("It is not at that step.");
  },
});
