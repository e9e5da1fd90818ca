/** Everything the page of one record shows: its fields, its runs with where each stands and why, its history. */
import { namesOfQueues } from "@/db/queries/picks.ts";
import { findRecords, referringRecords } from "@/db/queries/records.ts";
import { approvalsOf, usualTimes } from "@/db/queries/usual-times.ts";
import { clocksOfRuns, eventsOf, runsByIds, runsOfRecord, visitsOfRuns } from "@/db/queries/runs.ts";
import type { Process } from "@/server/engine/process.ts";
import type { EngineRecord, Plain } from "@/server/engine/model.ts";
import { pickNames } from "@/server/routing/pick-names.ts";
import { pickTold } from "@/server/routing/tell-pick.ts";
import { pathView } from "./path-view.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import { versionKey } from "@/server/commands/version-of.ts";
import { versionsIn } from "@/server/commands/versions-in.ts";
import { askedViews } from "./asked-view.ts";
import { missingView } from "./missing-view.ts";
import { explainRun } from "./explain.ts";
import { clockStory } from "./clock-story.ts";
import { unattached } from "./unattached.ts";
import { calledRuns, explainFlow, itemName, itemRecords } from "./explain-flow.ts";
import { awaitedEvents, movesView } from "./moves-view.ts";
import { type Told, tellEvents } from "./tell-events.ts";
import type { Say } from "@/server/wording/translator.ts";
import { recordType } from "@/server/records/model.ts";
import { recordLabels } from "@/server/records/rules.ts";
import type { Row } from "@/db/store.ts";
import type { Deps } from "@/server/commands/deps.ts";
import type { Language } from "@/server/records/field.ts";

/** Who looks, in which language, and what they may do to runs of this record. */
type Looking = {
  workspaceId: string;
  memberId: string;
  language: Language;
  say: Say;
  mayMove: boolean;
  mayCancel: boolean;
};

export async function recordView(
  deps: Pick<Deps, "store" | "contexts">,
  { workspaceId, memberId, language, say, mayMove, mayCancel }: Looking,
  record: Row<"record">,
  now: number,
) {
  const { store, contexts } = deps;
  const context = await contexts.get(workspaceId, now);
  const labels = recordLabels(language, context.fields);
  const runs = await runsOfRecord(store, workspaceId, record.id);
  const runIds = runs.map((r) => r.id);
  const [visits, clocks, runEvents, recordEvents, related] = await Promise.all([
    visitsOfRuns(store, workspaceId, runIds),
    clocksOfRuns(store, workspaceId, runIds),
    eventsOf(store, workspaceId, "run", runIds),
    eventsOf(store, workspaceId, "record", [
      record.id,
      ...runs.flatMap((r) => Object.values(r.state.related).flatMap((to) => to ?? [])),
    ]),
    referringRecords(store, workspaceId, record.id),
  ]);
  const name = (member: string | null | undefined) =>
    member ? (context.directory.people.get(member)?.name ?? null) : null;
  const log = [...runEvents, ...recordEvents].sort((a, b) => a.seq - b.seq);
  // Those that run now; a record in many at once is told of the newest.
  const open = runs.flatMap((run) => (run.endedAt === null ? run.id : [])).slice(0, 5);
  const around = runs.flatMap((r) => [
    r.recordId,
    ...Object.values(r.state.related).flatMap((to) => to ?? []),
    ...itemRecords(r.state),
  ]);
  const fields = recordType(record.type, context.fields)?.fields ?? {};
  const referred = Object.entries(fields).flatMap(([field, { type }]) => {
    const to = type === "reference" ? record.values[field] : null;
    return typeof to === "string" ? to : [];
  });
  const rows = await findRecords(store, workspaceId, [...new Set([...around, ...referred])]);
  const named = new Map(rows.map((r) => [r.id, recordAt(context.model, r, now)]));
  const titles = new Map(rows.map((r) => [r.id, r.title]));
  const called = new Map(runs.map((r) => [r.id, calledRuns(r.state, runEvents)]));
  const kin = new Map(
    (
      await runsByIds(store, workspaceId, [
        ...runs.flatMap((r) => r.state.parent?.run ?? []),
        ...[...called.values()].flat(),
      ])
    ).map((r) => [r.id, { ...r, processName: context.live.get(r.process)?.name ?? r.process }]),
  );
  const known = {
    records: named,
    title: (one: EngineRecord) => context.model.title(one.type, one.values),
    model: context.model,
    zone: context.zone,
    now,
  };
  const usual = await usualTimes(
    store,
    workspaceId,
    runs.flatMap(({ state, endedAt }) => (endedAt === null ? approvalsOf(state) : [])),
  );
  const told = new Map<number, Told>();
  const documents = new Map<string, Process>();
  const queueNames = await namesOfQueues(store, workspaceId);
  const views = await Promise.all(
    runs.map(async (run) => {
      const process = await contexts.version(workspaceId, run.process, run.version);
      const own = visits.filter((v) => v.runId === run.id);
      const log = runEvents.filter((e) => e.stream.id === run.id);
      const versions = await versionsIn(deps, workspaceId, log);
      const facts = process
        ? tellEvents(
            process,
            log,
            (item, records) => itemName(item, records, known),
            (ref) => versions.get(versionKey(ref.process, ref.version)),
          )
        : [];
      for (const [seq, one] of facts) told.set(seq, one);
      if (process) documents.set(run.id, process.document);
      return {
        id: run.id,
        process: run.process,
        processName: process?.document.name ?? run.process,
        version: run.version,
        status: run.status,
        outcome: run.outcome,
        startedAt: run.startedAt,
        endedAt: run.endedAt,
        incidents: Object.values(run.state.incidents).map((one) => ({ ...one, text: say(one.text) })),
        path: process
          ? pathView(
              process,
              [
                ...own.map((v) => ({
                  node: v.node,
                  owner: name(v.owner),
                  outcome: v.outcome ?? null,
                  enteredAt: v.enteredAt,
                  leftAt: v.leftAt ?? null,
                  skipped: v.skipped,
                })),
                // Before a gate there is no visit yet, but that is where it stands.
                ...Object.values(run.state.tokens)
                  .filter((token) => token.state === "held")
                  .map((token) => ({ node: token.node, enteredAt: token.since, leftAt: null, skipped: false })),
              ],
              new Set(Object.values(run.state.incidents).map((one) => one.node)),
            )
          : [],
        where: process
          ? explainRun(
              process,
              run.state,
              runEvents.filter((e) => e.stream.id === run.id),
              name,
            ).map((where) => ({
              ...where,
              incident: where.incident && { ...where.incident, text: say(where.incident.text) },
              decided: where.decided.map((one) => ({ ...one, error: one.error && say(one.error) })),
              parts: missingView(process, run.state, where.token, known, labels),
            }))
          : [],
        asked:
          process && run.endedAt === null
            ? askedViews(process, run.state, {
                name,
                me: memberId,
                owner: record.ownerId ?? null,
                forced: mayCancel,
                usually: (node) => usual.get(`${run.process}/${node}`) ?? null,
              })
            : [],
        flow: process && run.endedAt === null ? explainFlow(process, run.state, known) : null,
        moves: process && mayMove && run.endedAt === null ? movesView(process, run.state, (m) => name(m)) : null,
        awaits: process && run.endedAt === null ? awaitedEvents(process) : [],
        /** The one that called it, and those it called. */
        parent: kin.get(run.state.parent?.run ?? "") ?? null,
        children: (called.get(run.id) ?? []).flatMap((id) => kin.get(id) ?? []),
        // Steps of versions it was on before too: its log tells of them.
        names: Object.fromEntries(
          [...versions.values(), ...(process ? [process] : [])].flatMap(({ nodes }) =>
            [...nodes.values()].map((n) => [n.id, n.node.name || n.id]),
          ),
        ),
        visits: own.map((v) => ({
          visit: v.visit,
          node: v.node,
          name: process?.nodes.get(v.node)?.node.name ?? v.node,
          visitNo: v.visitNo,
          owner: name(v.owner),
          enteredAt: v.enteredAt,
          startedAt: v.startedAt,
          leftAt: v.leftAt,
          outcome: v.outcome,
          skipped: v.skipped,
          cancelled: v.cancelled,
          breachedAt: v.breachedAt,
        })),
        clocks: process
          ? clocks.filter((c) => c.runId === run.id).map((c) => clockStory(context, process, c, log, now))
          : [],
        unattached: process && open.includes(run.id) ? await unattached(deps, process, run.state, now) : [],
        work: Object.values(run.state.work).map((w) => ({
          id: `${run.id}.${w.id}`,
          node: w.node,
          token: w.token,
          name: process?.nodes.get(w.node)?.node.name ?? w.node,
          assignee: name(w.assignee),
          state: w.state,
        })),
      };
    }),
  );
  /** Whom or what a field points to, as people call it. */
  const nameOf = (value: unknown) => (typeof value === "string" ? (name(value) ?? titles.get(value) ?? null) : null);
  const { values: today } = recordAt(context.model, record, now);
  return {
    id: record.id,
    type: record.type,
    typeLabel: labels.type(record.type),
    title: record.title,
    version: record.version,
    status: labels.status(record.type, record.status),
    ownerId: record.ownerId,
    owner: name(record.ownerId),
    lockedBy: record.lockedBy,
    /** Its lifecycle: changing it by hand is held to the gates of its runs. */
    stageField: context.model.stageField(record.type),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    currency: typeof record.values.currency === "string" ? record.values.currency : context.currency,
    baseCurrency: context.currency,
    fields: Object.keys(fields).map((field) => ({
      ...labels.describe(record.type, field),
      value: today[field] ?? null,
      shown: nameOf(today[field]),
    })),
    related: related.map((r) => ({
      id: r.id,
      type: r.type,
      typeLabel: labels.type(r.type),
      title: r.title,
      status: labels.status(r.type, r.status),
    })),
    runs: views,
    events: log
      .filter((e) => e.stream.kind === "run" || e.stream.id === record.id)
      .toReversed()
      .slice(0, 300)
      .map((e) => ({
        seq: e.seq,
        run: e.stream.kind === "run" ? e.stream.id : null,
        ...saidFacts(told.get(e.seq), say),
        pick: pickTold(e, pickNames(context, queueNames, documents.get(e.stream.id), say)),
        type: e.type,
        at: e.due ?? e.at,
        actor: e.actor.kind === "member" ? (name(e.actor.id) ?? e.actor.id) : e.actor.kind,
        data: JSON.parse(
          JSON.stringify(e.type === "IncidentRaised" ? { ...e.data, text: say(e.data.text) } : e.data),
        ) as Plain,
      })),
    startable: [...context.live.values()]
      .filter((p) => p.recordType === record.type)
      .map((p) => ({
        key: p.key,
        name: p.name,
        running: runs.some((r) => r.process === p.key && r.endedAt === null),
      })),
    now,
  };
}

/** Of a run's fact: names for its sentence, and what was looked at. */
function saidFacts(told: Told | undefined, say: Say) {
  const { text, why } = told?.facts ?? {};
  return {
    facts: told
      ? {
          ...told.facts,
          ...(typeof text === "string" && { text: say(text) }),
          ...(typeof why === "string" && { why: why && `: ${say(why)}` }),
        }
      : null,
    conditions: told?.conditions ?? [],
  };
}
