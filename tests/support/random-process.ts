/** Random sound processes: blocks inside blocks, so that every branch that opens is closed again. */
import fc from "fast-check";

export type Block =
  | { kind: "task"; sla: boolean }
  | { kind: "wait"; hours: number }
  | { kind: "event" }
  | { kind: "automation" }
  | { kind: "sequence"; blocks: Block[] }
  | { kind: "choice"; blocks: Block[] }
  | { kind: "parallel"; blocks: Block[] }
  | { kind: "loop"; block: Block };

export const blocks: fc.Arbitrary<Block> = fc.letrec<{ block: Block }>((tie) => {
  const several = fc.array(tie("block"), { minLength: 2, maxLength: 3 });
  return {
    block: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ kind: fc.constant("task" as const), sla: fc.boolean() }),
      fc.record({ kind: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 30 }) }),
      fc.constant({ kind: "event" as const }),
      fc.constant({ kind: "automation" as const }),
      fc.record({ kind: fc.constant("sequence" as const), blocks: several }),
      fc.record({ kind: fc.constant("choice" as const), blocks: several }),
      fc.record({ kind: fc.constant("parallel" as const), blocks: several }),
      fc.record({ kind: fc.constant("loop" as const), block: tie("block") }),
    ),
  };
}).block;

type End = { from: string; port?: string; otherwise?: true };

/** The block as a process document over leads. Conditions read `run.n`, which each automation and each loop counts up. */
export function processOf(block: Block): object {
  const nodes: object[] = [{ id: "start", kind: "start", name: "start" }];
  const edges: object[] = [];
  let count = 0;
  const draw = (kind: string, more: object = {}): string => {
    const id = `${kind}_${++count}`;
    nodes.push({ id, kind, name: id, ...((kind === "task" || kind === "approval") && { role: "ae" }), ...more });
    return id;
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
      case "task":
        return [{ from: step("task", one.sla ? { slas: ["fast"] } : {}) }];
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
      case "loop": {
        const again = step("task");
        const ends = lay(one.block, [{ from: again }]);
        const counter = draw("automation", counting);
        connect(ends, counter);
        const done = draw("decision");
        connect([{ from: counter }], done);
        connect([{ from: done }], again, { when: "modulo(run.n, 3) != 0" });
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
    roles: { ae: { name: "Account executive" } },
    variables: { n: { type: "integer", default: 0 } },
    slas: { fast: { name: "Fast", target: "PT4H", warnAt: [50], onBreach: [{ verb: "reassign" }] } },
    nodes,
    edges,
  };
}
