/** Random sound processes: blocks inside blocks, so that every branch that opens is closed again. */
import fc from "fast-check";

export type Block =
  | { kind: "task"; sla: boolean; edge: "none" | "timer" | "beside" | "message" | "changed" }
  | { kind: "wait"; hours: number }
  | { kind: "event" }
  | { kind: "automation" }
  | {
      kind: "approval";
      levels: 0 | 1 | 2;
      needs: "all" | "any" | 1;
      late: "none" | "reject" | "escalate";
      back: "returned" | "withdrawn" | "forbid";
    }
  | { kind: "gate"; where: "entry" | "exit" | "entry_list"; strict: boolean }
  | { kind: "call"; verb: "connector" | "http" | "chat" | "process"; tries: number }
  | { kind: "make"; verb: "create" | "link" | "convert" }
  | { kind: "regret"; block: Block }
  | { kind: "fails"; block: Block; caught: boolean }
  /** Only inside one that fails: it throws now and then. */
  | { kind: "broken" }
  | { kind: "sequence"; blocks: Block[] }
  | { kind: "choice"; blocks: Block[] }
  | { kind: "parallel"; blocks: Block[] }
  | { kind: "inclusive"; blocks: Block[] }
  | { kind: "some"; blocks: Block[]; count: number; cancel: boolean }
  | { kind: "first" }
  | { kind: "inside"; block: Block; stop: boolean }
  | { kind: "each"; block: Block; items: number; parallel: boolean; enough: boolean }
  | { kind: "loop"; block: Block; cap: boolean };

export const blocks: fc.Arbitrary<Block> = fc.letrec<{ block: Block }>((tie) => {
  const several = fc.array(tie("block"), { minLength: 2, maxLength: 3 });
  return {
    block: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({
        kind: fc.constant("task" as const),
        sla: fc.boolean(),
        edge: fc.constantFrom("none", "none", "none", "timer", "beside", "message", "changed"),
      }),
      fc.record({ kind: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 30 }) }),
      fc.constant({ kind: "event" as const }),
      fc.constant({ kind: "automation" as const }),
      fc.record({
        kind: fc.constant("approval" as const),
        levels: fc.constantFrom(0, 1, 2),
        needs: fc.constantFrom<"all" | "any" | 1>("all", "any", 1),
        late: fc.constantFrom("none", "reject", "escalate"),
        back: fc.constantFrom("returned", "withdrawn", "forbid"),
      }),
      fc.record({
        kind: fc.constant("gate" as const),
        where: fc.constantFrom("entry", "exit", "entry_list"),
        strict: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant("call" as const),
        verb: fc.constantFrom("connector", "http", "chat", "process"),
        tries: fc.integer({ min: 0, max: 2 }),
      }),
      fc.record({ kind: fc.constant("make" as const), verb: fc.constantFrom("create", "link", "convert") }),
      fc.record({ kind: fc.constant("regret" as const), block: tie("block") }),
      fc.record({ kind: fc.constant("fails" as const), block: tie("block"), caught: fc.boolean() }),
      fc.record({ kind: fc.constant("sequence" as const), blocks: several }),
      fc.record({ kind: fc.constant("choice" as const), blocks: several }),
      fc.record({ kind: fc.constant("parallel" as const), blocks: several }),
      fc.record({ kind: fc.constant("inclusive" as const), blocks: several }),
      fc.record({
        kind: fc.constant("some" as const),
        blocks: fc.array(tie("block"), { minLength: 3, maxLength: 3 }),
        count: fc.integer({ min: 2, max: 3 }),
        cancel: fc.boolean(),
      }),
      fc.constant({ kind: "first" as const }),
      fc.record({ kind: fc.constant("inside" as const), block: tie("block"), stop: fc.boolean() }),
      fc.record({
        kind: fc.constant("each" as const),
        block: tie("block"),
        items: fc.integer({ min: 0, max: 3 }),
        parallel: fc.boolean(),
        enough: fc.boolean(),
      }),
      fc.record({ kind: fc.constant("loop" as const), block: tie("block"), cap: fc.boolean() }),
    ),
  };
}).block;

/** Two to five of them, one after the other. */
export const rows: fc.Arbitrary<Block> = fc
  .array(blocks, { minLength: 2, maxLength: 5, size: "max" })
  .map((all) => ({ kind: "sequence", blocks: all }));

/** What somebody changes: the n-th block, and how. */
export type Edit = { at: number; how: "replace" | "before" | "after" | "turn" | "flag" | "edge"; block: Block };
export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    at: fc.nat(8),
    how: fc.constantFrom("replace", "before", "after", "turn", "flag", "edge"),
    block: blocks,
  }),
  { maxLength: 3 },
);

/** The block as edited: another in its place, beside it, the parts turned round, a flag or an event at the edge changed. */
export function edited(block: Block, { at, how, block: other }: Edit): Block {
  let n = 0;
  const visit = (one: Block): Block => (n++ === at ? change(one) : within(one));
  const within = (one: Block): Block => {
    if ("blocks" in one) return { ...one, blocks: one.blocks.map(visit) };
    return "block" in one ? { ...one, block: visit(one.block) } : one;
  };
  const change = (one: Block): Block => {
    switch (how) {
      case "replace":
        return other;
      case "before":
        return { kind: "sequence", blocks: [other, one] };
      case "after":
        return { kind: "sequence", blocks: [one, other] };
      case "turn":
        return "blocks" in one ? { ...one, blocks: [...one.blocks].reverse() } : one;
      case "flag":
        if (one.kind === "task") return { ...one, sla: !one.sla };
        return one.kind === "each" ? { ...one, parallel: !one.parallel, enough: !one.enough } : one;
      case "edge":
        if (one.kind === "task") return { ...one, edge: other.kind === "task" ? other.edge : "timer" };
        return one.kind === "inside" ? { ...one, stop: !one.stop } : one;
      default:
        return how satisfies never;
    }
  };
  return visit(block);
}

type End = { from: string; port?: string; otherwise?: true; handoff?: string };

/** The block as a process document over leads. Conditions read `run.n`, which each automation and each loop counts up. */
export function processOf(block: Block): object {
  const nodes: object[] = [{ id: "start", kind: "start", name: "start" }];
  const edges: object[] = [];
  let count = 0;
  let owner: string | null = null;
  /** Inside a loop, branches that a join left behind would meet those of the next round: there it cancels them. */
  let loops = 0;
  const draw = (kind: string, more: object = {}): string => {
    const id = `${kind}_${++count}`;
    const human = (kind === "task" || kind === "approval") && { role: "ae" };
    nodes.push({ id, kind, name: id, ...human, ...(owner && { in: owner }), ...more });
    return id;
  };
  /** What stands inside a node: begun by an automation, so that there is one first step, and ended. */
  const inside = (id: string, body: Block) => {
    const around: string | null = owner;
    owner = id;
    const first = draw("automation", counting);
    const ends = lay(body, [{ from: first }]);
    connect(ends, draw("end", { config: { outcome: "success" } }));
    owner = around;
  };
  const connect = (ends: End[], to: string, more: object = {}) => {
    for (const end of ends) edges.push({ id: `e${edges.length + 1}`, to, ...end, ...more });
  };
  const counting = { actions: [{ verb: "set", field: "run.n", value: "run.n + 1" }] };
  /** Draws the block after these ends, and gives back where it goes on. */
  const lay = (one: Block, after: End[], how: object = {}): End[] => {
    const step = (kind: string, more: object = {}): string => {
      const id = draw(kind, more);
      connect(after, id, how);
      return id;
    };
    switch (one.kind) {
      case "task": {
        const interrupting = one.edge !== "beside";
        const edges_ = {
          timer: { kind: "timer", after: "PT5H" },
          beside: { kind: "timer", after: "PT3H", repeat: true },
          message: { kind: "message", event: "news" },
          changed: { kind: "record_changed", when: "modulo(run.n, 4) = 3" },
        };
        const boundary = one.edge === "none" ? {} : { boundary: [{ id: "edge", interrupting, ...edges_[one.edge] }] };
        const id = step("task", { ...(one.sla && { slas: ["fast"] }), ...boundary });
        if (one.edge === "none") return [{ from: id }];
        if (interrupting)
          return [
            { from: id, port: "done" },
            { from: id, port: "edge" },
          ];
        const note = draw("automation", { ...counting, multiMerge: true });
        connect([{ from: id, port: "edge" }], note);
        connect([{ from: note }], draw("end", { config: { outcome: "neutral" } }));
        return [{ from: id, port: "done" }];
      }
      case "wait":
        return [{ from: step("wait", { config: { for: "duration", duration: `PT${one.hours}H` } }) }];
      case "event": {
        const id = step("wait", { config: { for: "event", event: "news", timeout: "PT9H" } });
        return [
          { from: id, port: "event" },
          { from: id, port: "timeout" },
        ];
      }
      case "automation":
        return [{ from: step("automation", counting) }];
      case "approval": {
        const level = { ask: ["*ae"], needs: one.needs };
        const id = step("approval", {
          config: {
            exits: "decision",
            ...(one.levels > 0 && { levels: Array.from({ length: one.levels }, () => level) }),
            ...(one.late !== "none" && { timeout: { after: "PT6H", do: one.late } }),
            withdraw: one.back,
          },
        });
        const ports = ["approved", "rejected", "returned", ...(one.back === "withdrawn" ? ["withdrawn"] : [])];
        return ports.map((port) => ({ from: id, port }));
      }
      case "gate": {
        const when = "lead.fit_score > 50";
        const asked = [{ kind: "condition", when, text: "a lead that fits" }];
        const gates = {
          entry: { entryCriteria: when },
          entry_list: { gate: { entry: asked, noSkip: one.strict, noBack: one.strict } },
          exit: { gate: { exit: asked, noSkip: one.strict, who: ["ae"] } },
        };
        return [{ from: step("task", gates[one.where]) }];
      }
      case "call": {
        if (one.verb === "process") return [{ from: step("subprocess", { config: { process: "other" } }) }];
        const retry = one.tries > 0 && { retry: { tries: one.tries } };
        const actions = {
          connector: { verb: "connector", connector: "books", operation: "post", ...retry },
          http: { verb: "http", method: "POST", url: "https://books.example/post", body: "{n: run.n}", ...retry },
          chat: { verb: "chat", connection: "team", text: "Round {run.n}" },
        };
        return [{ from: step("automation", { actions: [actions[one.verb], ...counting.actions] }) }];
      }
      case "make": {
        const actions = {
          create: { verb: "create", type: "account", from: "lead" },
          link: { verb: "link", field: "lead.matched_account_id" },
          convert: { verb: "convert" },
        };
        return [{ from: step("automation", { actions: [actions[one.verb], ...counting.actions] }) }];
      }
      case "regret": {
        const did = step("automation", {
          ...counting,
          compensate: [{ verb: "set", field: "run.n", value: "run.n + 10" }],
        });
        const ends = lay(one.block, [{ from: did }]);
        const back = draw("automation", { actions: [{ verb: "compensate", when: "modulo(run.n, 2) = 1" }] });
        connect(ends, back);
        return [{ from: back }];
      }
      case "fails": {
        const id = step("subprocess", {
          config: { inline: true },
          ...(one.caught && { boundary: [{ id: "broken", kind: "error" }] }),
        });
        inside(id, {
          kind: "sequence",
          blocks: [one.block, { kind: "broken" }],
        });
        return one.caught
          ? [
              { from: id, port: "done" },
              { from: id, port: "broken" },
            ]
          : [{ from: id }];
      }
      case "broken":
        return [
          {
            from: step("automation", {
              actions: [...counting.actions, { verb: "throw", code: "odd", when: "modulo(run.n, 3) = 1" }],
            }),
          },
        ];
      case "sequence":
        return one.blocks.reduce((ends, inner, i) => lay(inner, ends, i === 0 ? how : {}), after);
      case "choice": {
        const id = step("decision");
        return one.blocks.flatMap((inner, i) => {
          const last = i === one.blocks.length - 1;
          const way = last ? { otherwise: true } : { when: `modulo(run.n, ${one.blocks.length}) = ${i}` };
          return lay(inner, [{ from: id }], way);
        });
      }
      case "parallel": {
        const split = step("parallel");
        const join = draw("join");
        for (const inner of one.blocks) {
          // A branch with several ends comes together before the join: it waits for one token an edge.
          const gather = draw("automation", counting);
          connect(lay(inner, [{ from: split }]), gather);
          connect([{ from: gather }], join);
        }
        return [{ from: join }];
      }
      case "inclusive": {
        const split = step("inclusive");
        const join = draw("join", { config: { mode: "taken" } });
        one.blocks.forEach((inner, i) => {
          const last = i === one.blocks.length - 1;
          const gather = draw("automation", counting);
          const way = last ? { otherwise: true } : { when: `modulo(run.n, ${i + 2}) = 0` };
          connect(lay(inner, [{ from: split }], way), gather);
          connect([{ from: gather }], join);
        });
        return [{ from: join }];
      }
      case "some": {
        const split = step("parallel");
        const join = draw("join", {
          config: { mode: "n_of_m", count: one.count, cancelRest: one.cancel || loops > 0 },
        });
        for (const inner of one.blocks) {
          const gather = draw("automation", counting);
          connect(lay(inner, [{ from: split }]), gather);
          connect([{ from: gather }], join);
        }
        return [{ from: join }];
      }
      case "first": {
        const branches = [
          { id: "news", for: "event", event: "news" },
          { id: "grown", for: "condition", condition: "modulo(run.n, 5) = 4" },
          { id: "late", for: "duration", duration: "PT7H" },
        ];
        const id = step("wait", { config: { for: "first", branches } });
        return branches.map(({ id: port }) => ({ from: id, port }));
      }
      case "inside": {
        const stop = one.stop ? { boundary: [{ id: "stop", kind: "message", event: "stop" }] } : {};
        const id = step("subprocess", { config: { inline: true }, ...stop });
        inside(id, one.block);
        return one.stop
          ? [
              { from: id, port: "done" },
              { from: id, port: "stop" },
            ]
          : [{ from: id }];
      }
      case "each": {
        const config = {
          over: "list",
          as: `item_${count}`,
          mode: one.parallel ? "parallel" : "sequential",
          ...(one.enough && { completeWhen: "loop.done >= 1" }),
        };
        const list = `[${Array.from({ length: one.items }, (_, i) => i).join(", ")}]`;
        const id = step("for_each", { config: { ...config, list } });
        inside(id, one.block);
        return [{ from: id }];
      }
      case "loop": {
        loops++;
        const again = step("task");
        const ends = lay(one.block, [{ from: again, handoff: "the work" }]);
        loops--;
        const counter = draw("automation", counting);
        connect(ends, counter);
        const done = draw("decision");
        connect([{ from: counter }], done);
        connect([{ from: done }], again, {
          when: "modulo(run.n, 3) != 0",
          rework: true,
          ...(one.cap && { cap: 2 }),
        });
        return [{ from: done, otherwise: true }];
      }
      default:
        return one satisfies never;
    }
  };
  const ends = lay({ kind: "sequence", blocks: [block, { kind: "automation" }] }, [{ from: "start" }]);
  nodes.push({ id: "done", kind: "end", name: "done", config: { outcome: "success" } });
  connect(ends, "done");
  return {
    key: "random",
    name: "Random",
    recordType: "lead",
    roles: { ae: { name: "Account executive", queue: "pool" } },
    queues: { pool: { role: "ae", strategy: "round_robin", sticky: "off" } },
    variables: { n: { type: "integer", default: 0 } },
    slas: { fast: { name: "Fast", target: "PT4H", warnAt: [50], onBreach: [{ verb: "reassign" }] } },
    nodes,
    edges,
  };
}
