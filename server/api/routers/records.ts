/** Records: lists, one record with its runs and history, making and changing them. */
import { z } from "zod";
import { namesOfQueues } from "@/db/queries/picks.ts";
import { findRecord, findRecords, listRecords, referringRecords } from "@/db/queries/records.ts";
import { approvalsOf, usualTimes } from "@/db/queries/usual-times.ts";
import { clocksOfRuns, eventsOf, runsByIds, runsOfRecord, visitsOfRuns } from "@/db/queries/runs.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import { sampleValues } from "@/server/commands/sample-values.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import type { EngineRecord, Plain, Values } from "@/server/engine/model.ts";
import { pickNames } from "@/server/routing/pick-names.ts";
import { pickTold } from "@/server/routing/tell-pick.ts";
import { pathView } from "@/server/inbox/path-view.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import { versionsIn } from "@/server/commands/versions-in.ts";
import { versionKey } from "@/server/commands/load-world.ts";
import { askedViews } from "@/server/inbox/asked-view.ts";
import { missingView } from "@/server/inbox/missing-view.ts";
import { whyNoRun } from "@/server/inbox/why-no-run.ts";
import { stageView } from "@/server/inbox/stage-view.ts";
import { explainRun } from "@/server/inbox/explain.ts";
import { clockStory } from "@/server/inbox/clock-story.ts";
import { unattached } from "@/server/inbox/unattached.ts";
import { calledRuns, explainFlow, itemName, itemRecords } from "@/server/inbox/explain-flow.ts";
import { awaitedEvents, movesView } from "@/server/inbox/moves-view.ts";
import { type Told, tellEvents } from "@/server/inbox/tell-events.ts";
import type { Say } from "@/server/wording/translator.ts";
import { fold } from "@/server/records/fold.ts";
import { listColumns } from "@/server/records/lists.ts";
import { recordType, recordTypes } from "@/server/records/model.ts";
import { normalise } from "@/server/records/validate-record.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { actorOf } from "@/server/auth/person.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { scopeOf } from "../authorisation.ts";
import { ownersOf } from "../owners.ts";
import { action, router } from "../procedure.ts";

const type = z.string().refine((key) => recordType(key) !== null, "unknown record type");
const id = z.string().regex(/^[\w-]{1,80}$/);
const plain: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string().max(32_000), z.array(plain).max(200)]),
);
const values = z.record(z.string().max(64), plain);
/** The caller's own name for this request: asked again with it, nothing happens twice and the answer is the same. */
const commandId = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional();

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

export const recordsRouter = router({
  types: action("records.read").query(({ ctx }) =>
    recordTypes().map(({ key, plural }) => ({
      key,
      label: recordLabels(ctx.language).type(key),
      plural: plural[ctx.language],
    })),
  ),
  list: action("records.read")
    .input(
      z.strictObject({
        type,
        search: z.string().max(200).optional(),
        ownerId: id.optional(),
        status: z.string().max(64).optional(),
        sort: z.enum(["title", "amount", "status", "createdAt", "updatedAt", "ownerId"]).optional(),
        descending: z.boolean().optional(),
        offset: z.number().int().min(0).max(10_000_000).default(0),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .query(async ({ ctx, input: { offset, limit, search, ...filter } }) => {
      const { services, person, language } = ctx;
      const now = services.clock.now();
      const context = await services.engine.contexts.get(person.workspaceId, now);
      const { rows, total } = await listRecords(
        services.store,
        person.workspaceId,
        { ...filter, ...(search?.trim() && { search: fold(search.trim()) }) },
        await ownersOf(ctx),
        { offset, limit },
      );
      const labels = recordLabels(language, context.fields);
      return {
        total,
        currency: context.currency,
        columns: listColumns(filter.type).map((field) => labels.describe(filter.type, field)),
        rows: rows.map((r) => ({
          id: r.id,
          title: r.title,
          status: labels.status(r.type, r.status),
          amount: r.amount,
          ownerId: r.ownerId,
          owner: r.ownerId ? (context.directory.people.get(r.ownerId)?.name ?? null) : null,
          createdAt: r.createdAt,
          updatedAt: r.updatedAt,
          values: recordAt(context.model, r, now).values,
        })),
      };
    }),
  read: action("records.read")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { services, person, language, say } = ctx;
      const { store, engine } = services;
      const row = await findRecord(store, person.workspaceId, input.id);
      const owners = await ownersOf(ctx);
      const record = orAbsent(
        row && (!owners || row.ownerId == null || owners.includes(row.ownerId)) ? row : null,
        "This record",
      );
      const now = services.clock.now();
      const context = await engine.contexts.get(person.workspaceId, now);
      const labels = recordLabels(language, context.fields);
      const runs = await runsOfRecord(store, person.workspaceId, record.id);
      const runIds = runs.map((r) => r.id);
      const [visits, clocks, runEvents, recordEvents, related] = await Promise.all([
        visitsOfRuns(store, person.workspaceId, runIds),
        clocksOfRuns(store, person.workspaceId, runIds),
        eventsOf(store, person.workspaceId, "run", runIds),
        eventsOf(store, person.workspaceId, "record", [
          record.id,
          ...runs.flatMap((r) => Object.values(r.state.related).flatMap((to) => to ?? [])),
        ]),
        referringRecords(store, person.workspaceId, record.id),
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
      const rows = await findRecords(store, person.workspaceId, [...new Set([...around, ...referred])]);
      const named = new Map(rows.map((r) => [r.id, recordAt(context.model, r, now)]));
      const titles = new Map(rows.map((r) => [r.id, r.title]));
      const reach = scopeOf("runs.jump", person.roles);
      const theirs = reach && (await ownersOf({ ...ctx, scope: reach }));
      const mayMove = reach !== null && (!theirs || row?.ownerId == null || theirs.includes(row.ownerId));
      const called = new Map(runs.map((r) => [r.id, calledRuns(r.state, runEvents)]));
      const kin = new Map(
        (
          await runsByIds(store, person.workspaceId, [
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
        person.workspaceId,
        runs.flatMap(({ state, endedAt }) => (endedAt === null ? approvalsOf(state) : [])),
      );
      const told = new Map<number, Told>();
      const documents = new Map<string, Process>();
      const queueNames = await namesOfQueues(store, person.workspaceId);
      const views = await Promise.all(
        runs.map(async (run) => {
          const process = await engine.contexts.version(person.workspaceId, run.process, run.version);
          const own = visits.filter((v) => v.runId === run.id);
          const log = runEvents.filter((e) => e.stream.id === run.id);
          const versions = await versionsIn(engine, person.workspaceId, log);
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
                    me: person.memberId,
                    owner: record.ownerId ?? null,
                    forced: scopeOf("runs.cancel", person.roles) !== null,
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
            unattached: process && open.includes(run.id) ? await unattached(engine, process, run.state, now) : [],
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
      const nameOf = (value: unknown) =>
        typeof value === "string" ? (name(value) ?? titles.get(value) ?? null) : null;
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
    }),
  /** What expressions of a process would read on this record; to try them while one draws. */
  sample: action("records.read")
    .input(z.strictObject({ id, related: processSchema.shape.related }))
    .query(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const row = await findRecord(services.store, person.workspaceId, input.id);
      const owners = await ownersOf(ctx);
      const record = orAbsent(
        row && (!owners || row.ownerId == null || owners.includes(row.ownerId)) ? row : null,
        "This record",
      );
      const now = services.clock.now();
      const { model } = await services.engine.contexts.get(person.workspaceId, now);
      const values = await sampleValues(services.store, model, person.workspaceId, record, input.related, now);
      return { id: record.id, title: record.title, values };
    }),
  create: action("records.create")
    .input(
      z.strictObject({
        type,
        values,
        commandId,
      }),
    )
    .mutation(async ({ ctx: { services, person }, input }) => {
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      // Whoever makes a record has it, unless they say who else.
      const own: Values =
        recordType(input.type)?.fields.owner_id && input.values.owner_id === undefined
          ? { owner_id: person.memberId }
          : {};
      return orRefuse(
        await createRecord(
          services.engine,
          {
            workspaceId: person.workspaceId,
            actor: actorOf(person),
            now: services.clock.now(),
            commandId: input.commandId,
          },
          { type: input.type, values: normalise(input.type, { ...own, ...input.values }, context.fields) },
        ),
      );
    }),
  change: action("records.change")
    .input(z.strictObject({ id, values, seen: z.number().int().positive().optional(), commandId }))
    .mutation(async ({ ctx, input: { commandId, ...input } }) => {
      const { services, person } = ctx;
      const row = await findRecord(services.store, person.workspaceId, input.id);
      const owners = await ownersOf(ctx);
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      orAbsent(row && (!owners || row.ownerId == null || owners.includes(row.ownerId)) ? row : null, "This record");
      return orRefuse(
        await changeRecord(
          services.engine,
          { workspaceId: person.workspaceId, actor: actorOf(person), now: services.clock.now(), commandId },
          { ...input, values: normalise(row?.type ?? "", input.values, context.fields) },
        ),
      );
    }),
  /** Why no run of a process is at work on the record: for each process of its type. */
  whyNoRun: action("records.read")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { services, person, language, say } = ctx;
      const row = await findRecord(services.store, person.workspaceId, input.id);
      const owners = await ownersOf(ctx);
      const record = orAbsent(
        row && (!owners || row.ownerId == null || owners.includes(row.ownerId)) ? row : null,
        "This record",
      );
      const now = services.clock.now();
      const { fields } = await services.engine.contexts.get(person.workspaceId, now);
      const { processes, ...rest } = await whyNoRun(services.engine, record, now, recordLabels(language, fields));
      const told = ({ reason, ...one }: (typeof processes)[number]) => ({
        ...one,
        reason: reason.why === "told" ? { ...reason, error: reason.error && say(reason.error) } : reason,
      });
      return { ...rest, processes: processes.map(told) };
    }),
  /** What keeps the record from being moved to this stage by hand. */
  stage: action("records.change")
    .input(z.strictObject({ id, to: z.string().min(1).max(80) }))
    .query(async ({ ctx, input }) => {
      const { services, person, language, say } = ctx;
      const row = await findRecord(services.store, person.workspaceId, input.id);
      const owners = await ownersOf(ctx);
      const record = orAbsent(
        row && (!owners || row.ownerId == null || owners.includes(row.ownerId)) ? row : null,
        "This record",
      );
      const now = services.clock.now();
      const { model, fields } = await services.engine.contexts.get(person.workspaceId, now);
      const field = orAbsent(model.stageField(record.type), "This stage");
      const view = await stageView(
        services.engine,
        { workspaceId: person.workspaceId, actor: actorOf(person), now },
        record,
        { [field]: input.to },
        recordLabels(language, fields),
      );
      return { ...view, refusal: view.refusal && say(view.refusal) };
    }),
  describe: action("fields.read")
    .input(z.strictObject({ type }))
    .query(async ({ ctx: { services, person, language }, input }) => {
      const { fields } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      const labels = recordLabels(language, fields);
      return Object.keys(recordType(input.type, fields)?.fields ?? {}).map((key) => labels.describe(input.type, key));
    }),
});
