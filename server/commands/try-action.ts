import { connectionsOf } from "@/db/queries/connections.ts";
import { recordsById } from "@/db/queries/world.ts";
import { buildCall, connectionFor, type OpenConnection } from "@/server/connections/build-call.ts";
import { dryRun } from "@/server/engine/dry-run.ts";
import { worldApart } from "@/server/engine/explain/looking.ts";
import type { Effect, Event } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";
import type { Action, Process } from "@/server/engine/process.ts";
import { type Composed, composeMail } from "@/server/effects/mail.ts";
import type { Language } from "@/server/records/field.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { compileVersion } from "@/server/steps/index.ts";
import type { Deps } from "./deps.ts";
import { engineRecord, loadWorld } from "./load-world.ts";
import { publisherMay } from "./publisher-may.ts";
import { warmRuns } from "./warm-runs.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/** A field that would change; `record` is the title of its record, null for what the run keeps. */
export type FieldChange = { record: string | null; field: string; from: Plain; to: Plain; made: boolean };
export type WouldLeave =
  | { kind: "call"; to: string; method: string; url: string; headers: [string, string][]; body: string | null }
  | { kind: "mail"; to: string[]; subject: string; text: string }
  | { kind: "notice"; to: string; text: string }
  | { kind: "process"; process: string }
  | { kind: "event"; event: string }
  /** It would not leave: why. */
  | { kind: "problem"; text: string };
export type Tried = {
  outcome: "done" | "waits" | "passed_over" | "failed";
  problem: string | null;
  changes: FieldChange[];
  leaves: WouldLeave[];
};

/**
 * What an action would do for a record: the engine decides it on a run that is thrown away, and what would leave is shown as it would
 * be sent, without its secret. Nothing is stored and nothing is sent. Null when there is no such record of the process's type.
 */
export async function tryAction(
  { store, contexts, baseUrl }: Pick<Deps, "store" | "contexts"> & { baseUrl: string },
  asked: {
    workspaceId: string;
    memberId: string;
    language: Language;
    now: number;
    document: Process;
    node: string | null;
    action: Action;
    recordId: string;
  },
): Promise<Tried | null> {
  const { workspaceId, document, now } = asked;
  const process = compileVersion(document, 0);
  const [row] = await recordsById(store, { workspaceId, ids: [asked.recordId] });
  if (row?.type !== document.recordType) return null;
  const command = {
    type: "startRun" as const,
    id: "dry",
    workspaceId,
    runId: "dry",
    at: now,
    actor: { kind: "system" as const },
    process: document.key,
    version: 0,
    recordType: row.type,
    recordId: row.id,
    trigger: { event: "manual", at: now },
  };
  const loaded = await loadWorld(store, contexts, workspaceId, [command], now, warmRuns(false), process);
  const { context } = loaded;
  const may = { process: document.key, publisher: asked.memberId };
  const world = {
    ...worldApart(loaded.worldFor(process, loaded.records)),
    publisherMay: (right: Parameters<typeof publisherMay>[2], owner: Plain) => publisherMay(context, may, right, owner),
  };
  const { outcome, problem, events, effects } = dryRun(
    process,
    { action: asked.action, node: asked.node, record: engineRecord(row), now },
    world,
  );
  const connections = (await connectionsOf(store, workspaceId)).map(
    ({ id, key, name, host, config, secret }): OpenConnection => ({
      id,
      key,
      name,
      host,
      config,
      secret: secret ? hidden : null,
    }),
  );
  const leaves = await Promise.all(
    effects.map((effect) =>
      wouldLeave(effect, {
        context,
        connections,
        now,
        compose: (mail) => composeMail({ store, baseUrl }, { ...mail, workspaceId }),
      }),
    ),
  );
  return {
    outcome,
    problem,
    changes: changesIn(events, context, document, asked.language, (id) => world.records.get(id)?.values),
    leaves: leaves.flatMap((one) => one ?? []),
  };
}

/** Stands for a secret, which nobody is shown. */
const hidden = "•••";

function changesIn(
  events: readonly Event[],
  { model, fields }: WorkspaceContext,
  document: Process,
  language: Language,
  valuesOf: (id: string) => Record<string, Plain> | undefined,
): FieldChange[] {
  const labels = recordLabels(language, fields);
  const changes: FieldChange[] = [];
  for (const event of events) {
    const { type, stream } = event;
    if (type === "VariablesSet")
      for (const [name, to] of Object.entries(event.data.values))
        changes.push({ record: null, field: document.variables[name]?.label ?? name, from: null, to, made: false });
    if (type !== "RecordCreated" && type !== "RecordChanged") continue;
    const kind = event.data.type;
    const record = `${labels.type(kind)}: ${model.title(kind, valuesOf(stream.id) ?? {})}`;
    const label = (field: string) => labels.describe(kind, field).label;
    if (type === "RecordCreated")
      for (const [field, to] of Object.entries(event.data.values))
        if (to !== null) changes.push({ record, field: label(field), from: null, to, made: true });
    if (type === "RecordChanged")
      for (const [field, { from, to }] of Object.entries(event.data.changes))
        changes.push({ record, field: label(field), from, to, made: false });
  }
  return changes;
}

async function wouldLeave(
  effect: Effect,
  {
    context,
    connections,
    now,
    compose,
  }: {
    context: WorkspaceContext;
    connections: readonly OpenConnection[];
    now: number;
    compose: (mail: Extract<Effect, { kind: "mail" }>) => Promise<Composed>;
  },
): Promise<WouldLeave | null> {
  switch (effect.kind) {
    case "notice":
      return { kind: "notice", to: context.directory.people.get(effect.to)?.name ?? effect.to, text: effect.text };
    case "mail": {
      const letter = await compose(effect);
      return letter.ok
        ? { kind: "mail", to: letter.to, subject: letter.subject, text: letter.text }
        : { kind: "problem", text: letter.text };
    }
    case "http":
    case "connector":
    case "chat": {
      const by = connectionFor(effect, connections);
      if ("text" in by) return { kind: "problem", text: by.text };
      // The address of a chat is its secret: its place is shown, not itself.
      const known = effect.kind === "chat" ? { ...by, secret: by.secret && `https://${by.host}/${hidden}` } : by;
      const built = buildCall(effect, known, { key: hidden, at: now });
      if (!built.ok) return { kind: "problem", text: built.text };
      const { method, url, headers, credentials, body } = built.call;
      return {
        kind: "call",
        to: by.name,
        method,
        url: effect.kind === "chat" ? `${by.host}/${hidden}` : url,
        headers: [
          ...Object.entries(headers),
          ...Object.keys(credentials).map((name): [string, string] => [name, hidden]),
        ],
        body,
      };
    }
    case "start_process":
      return { kind: "process", process: context.live.get(effect.process)?.name ?? effect.process };
    case "emit":
      return { kind: "event", event: effect.event };
    case "child_ended":
    case "cancel_child":
    case "record_changed":
      return null;
    default:
      return effect satisfies never;
  }
}
