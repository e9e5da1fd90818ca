/** What somebody with the right to it may do with a run by hand: from where, to where, and what that would cancel. */
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run, Token } from "@/server/engine/model.ts";

export type Move = {
  token: string;
  name: string;
  /** The frame it stands in; steps of the same one are where it may go. */
  in: string | null;
  /** A step, which can be skipped; its exits when there are several. */
  isStep: boolean;
  exits: { port: string; to: string }[];
  /** An open for-each: `records`, its items are ids of records. */
  loop: { records: boolean } | null;
  /** What would be cancelled with it. */
  cancels: { work: { token: string; name: string; assignee: string | null }[]; inside: number; child: boolean };
};
export type Moves = {
  tokens: Move[];
  /** Where a run can be moved to: no start, no join. */
  steps: { id: string; name: string; kind: string; in: string | null; isStep: boolean }[];
};

export function movesView(process: CompiledProcess, run: Run, nameOf: (member: string | null) => string | null): Moves {
  const name = (id: string) => process.nodes.get(id)?.node.name || id;
  const scopesOf = (token: Token) => Object.values(run.scopes ?? {}).filter((scope) => scope.token === token.id);
  /** The token with everything that runs inside it. */
  const within = (token: Token): Token[] => [
    token,
    ...scopesOf(token).flatMap((scope) =>
      Object.values(run.tokens)
        .filter((inner) => inner.scope === scope.id)
        .flatMap(within),
    ),
  ];
  return {
    tokens: Object.values(run.tokens).map((token) => {
      const node = process.nodes.get(token.node);
      const all = within(token);
      const ids = new Set(all.map((one) => one.id));
      return {
        token: token.id,
        name: name(token.node),
        in: node?.node.in ?? null,
        isStep: Boolean(token.visit),
        exits: (node?.out ?? []).flatMap((edge) => (edge.port ? [{ port: edge.port, to: name(edge.to) }] : [])),
        loop: token.loop ? { records: token.loop.records } : null,
        cancels: {
          work: Object.values(run.work)
            .filter((work) => ids.has(work.token))
            .map((work) => ({ token: work.token, name: name(work.node), assignee: nameOf(work.assignee) })),
          inside: scopesOf(token).length,
          child: all.some((one) => one.child !== undefined),
        },
      };
    }),
    steps: process.document.nodes.flatMap((node) =>
      node.kind === "start" || node.kind === "join"
        ? []
        : [
            {
              id: node.id,
              name: node.name || node.id,
              kind: node.kind,
              in: node.in ?? null,
              isStep: process.nodes.get(node.id)?.isStep ?? false,
            },
          ],
    ),
  };
}

/** Events that something in the run's process waits for: what a message can be about. */
export function awaitedEvents(process: CompiledProcess): string[] {
  const events = new Set<string>();
  for (const node of process.nodes.values()) {
    for (const boundary of node.boundary) if (boundary.kind === "message") events.add(boundary.event);
    if (typeof node.config.goalEvent === "string") events.add(node.config.goalEvent);
    if (node.node.kind !== "wait") continue;
    const outcome = node.definition.enter(node.node, node.config);
    if (outcome.type === "wait") for (const { event } of outcome.waiting.events ?? []) events.add(event);
  }
  return [...events].sort();
}
