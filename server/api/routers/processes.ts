/** Processes: the list, one with its versions, drafts, publishing, text in and out. */
import { and, count, desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { findRecord } from "@/db/queries/records.ts";
import { connectionsOf } from "@/db/queries/connections.ts";
import { incidentsOfProcess } from "@/db/queries/incidents.ts";
import { worstStates } from "@/db/queries/step-states.ts";
import { draftsOfProcess, openVisitsByNode, ruleUse } from "@/db/queries/processes.ts";
import { tryStep } from "@/server/inbox/try-step.ts";
import { createProcess } from "@/server/commands/create-process.ts";
import { discardDraft, findDraft, saveDraft } from "@/server/commands/drafts.ts";
import { tryAction } from "@/server/commands/try-action.ts";
import { publishProcess } from "@/server/commands/publish-process.ts";
import { diffProcess } from "@/server/engine/diff.ts";
import { refuse } from "@/server/engine/model.ts";
import { knownNames } from "@/server/engine/add-tables.ts";
import { readDmn } from "@/server/interop/dmn/read-dmn.ts";
import { takeTables } from "@/server/interop/dmn/take-tables.ts";
import { writeDmn } from "@/server/interop/dmn/write-dmn.ts";
import { recordLabels } from "@/server/records/rules.ts";
import type { Problem } from "@/server/engine/checks/problems.ts";
import { actionSchema, processSchema } from "@/server/engine/process.ts";
import type { Say } from "@/server/wording/translator.ts";
import { checkDraft, compileVersion } from "@/server/steps/index.ts";
import { readShippedTemplate, shippedTemplates } from "@/server/templates/index.ts";
import { checkContext, typeScope } from "@/server/commands/check-context.ts";
import { actorOf } from "@/server/auth/person.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { type Allowed, action, router } from "../procedure.ts";
import { editorChoices } from "./editor-choices.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const document = processSchema;
const saidProblems = (problems: readonly Problem[], say: Say): Problem[] =>
  problems.map((problem) => ({ ...problem, text: say(problem.text) }));
const askOf = ({ person, services }: Allowed) => ({
  workspaceId: person.workspaceId,
  actor: actorOf(person),
  now: services.clock.now(),
});

export const processesRouter = router({
  list: action("processes.read").query(async ({ ctx: { services, person, language } }) => {
    const { read, t } = services.store;
    const rows = await read
      .select()
      .from(t.process)
      .where(eq(t.process.workspaceId, person.workspaceId))
      .orderBy(t.process.name);
    const open = await read
      .select({ process: t.run.process, n: count() })
      .from(t.run)
      .where(and(eq(t.run.workspaceId, person.workspaceId), isNull(t.run.endedAt)))
      .groupBy(t.run.process);
    const incidents = await read
      .select({ process: t.incident.process, n: count() })
      .from(t.incident)
      .where(and(eq(t.incident.workspaceId, person.workspaceId), isNull(t.incident.resolvedAt)))
      .groupBy(t.incident.process);
    const drafts = await read
      .select({ processId: t.draft.processId, memberId: t.draft.memberId, savedAt: t.draft.savedAt })
      .from(t.draft)
      .where(eq(t.draft.workspaceId, person.workspaceId));
    const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    const name = (member: string | null | undefined) =>
      member ? (context.directory.people.get(member)?.name ?? null) : null;
    const many = (list: { process: string; n: number }[], key: string) =>
      Number(list.find((r) => r.process === key)?.n ?? 0);
    const labels = recordLabels(language);
    return rows.map((p) => ({
      id: p.id,
      key: p.key,
      name: p.name,
      recordType: p.recordType,
      recordLabel: labels.type(p.recordType),
      liveVersion: p.liveVersion,
      status: p.status,
      owner: name(p.ownerId),
      running: many(open, p.key),
      incidents: many(incidents, p.key),
      drafts: drafts
        .filter((d) => d.processId === p.id)
        .map((d) => ({
          memberId: d.memberId,
          name: name(d.memberId),
          savedAt: d.savedAt,
          mine: d.memberId === person.memberId,
        })),
    }));
  }),
  read: action("processes.read")
    .input(z.strictObject({ id, version: z.number().int().positive().optional() }))
    .query(async ({ ctx: { services, person }, input }) => {
      const { read, t } = services.store;
      const [process] = await read
        .select()
        .from(t.process)
        .where(and(eq(t.process.workspaceId, person.workspaceId), eq(t.process.id, input.id)));
      const found = orAbsent(process, "This process");
      const versions = await read
        .select({
          version: t.processVersion.version,
          note: t.processVersion.note,
          authorId: t.processVersion.authorId,
          publishedAt: t.processVersion.publishedAt,
        })
        .from(t.processVersion)
        .where(and(eq(t.processVersion.workspaceId, person.workspaceId), eq(t.processVersion.processId, found.id)))
        .orderBy(desc(t.processVersion.version));
      const shown = input.version ?? found.liveVersion ?? null;
      const compiled =
        shown === null ? null : await services.engine.contexts.version(person.workspaceId, found.key, shown);
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      const wip = await openVisitsByNode(services.store, person.workspaceId, found.key);
      const draft = await findDraft(services, person.workspaceId, found.id, person.memberId);
      return {
        id: found.id,
        key: found.key,
        name: found.name,
        recordType: found.recordType,
        liveVersion: found.liveVersion,
        version: shown,
        document: compiled?.document ?? null,
        versions: versions.map((v) => ({
          ...v,
          author: v.authorId ? (context.directory.people.get(v.authorId)?.name ?? null) : null,
        })),
        wip,
        use: await ruleUse(services.store, person.workspaceId, found.key, shown),
        states: await worstStates(services.store, person.workspaceId, found.key, services.clock.now()),
        incidents: await incidentsOfProcess(services.store, person.workspaceId, found.key),
        draft: draft && { revision: draft.revision, baseVersion: draft.baseVersion, savedAt: draft.savedAt },
      };
    }),
  /** How often the rules of its decision tables counted: in one version, or in all. */
  ruleUse: action("processes.read")
    .input(z.strictObject({ id, version: z.number().int().positive().nullable() }))
    .query(async ({ ctx: { services, person }, input }) => {
      const { read, t } = services.store;
      const [process] = await read
        .select({ key: t.process.key })
        .from(t.process)
        .where(and(eq(t.process.workspaceId, person.workspaceId), eq(t.process.id, input.id)));
      const { key } = orAbsent(process, "This process");
      return ruleUse(services.store, person.workspaceId, key, input.version);
    }),
  /** What the editor opens: my draft, else the live version as a draft that is not saved yet. */
  edit: action("processes.edit")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { services, person, say } = ctx;
      const { read, t } = services.store;
      const [process] = await read
        .select()
        .from(t.process)
        .where(and(eq(t.process.workspaceId, person.workspaceId), eq(t.process.id, input.id)));
      const found = orAbsent(process, "This process");
      const draft = await findDraft(services, person.workspaceId, found.id, person.memberId);
      const live = found.liveVersion
        ? ((await services.engine.contexts.version(person.workspaceId, found.key, found.liveVersion))?.document ?? null)
        : null;
      const drafts = await draftsOfProcess(services.store, person.workspaceId, found.id);
      const wip = await openVisitsByNode(services.store, person.workspaceId, found.key);
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      const shown = orAbsent(draft?.document ?? live, "A draft of this process");
      return {
        id: found.id,
        key: found.key,
        liveVersion: found.liveVersion,
        document: shown,
        revision: draft?.revision ?? 0,
        baseVersion: draft ? draft.baseVersion : found.liveVersion,
        savedAt: draft?.savedAt ?? null,
        problems: saidProblems(checkDraft(shown, checkContext(context)), say),
        live,
        wip,
        changes: live ? diffProcess(live, shown) : [],
        others: drafts
          .filter((o) => o.memberId !== person.memberId)
          .map((o) => ({
            memberId: o.memberId,
            name: context.directory.people.get(o.memberId)?.name ?? o.memberId,
            savedAt: o.savedAt,
            changes: live ? diffProcess(live, o.document).length : o.document.nodes.length,
          })),
      };
    }),
  /** What the editor offers to choose from. */
  choices: action("processes.edit").query(async ({ ctx: { services, person, language } }) => {
    const { read, t } = services.store;
    const { settings, live } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    const versions = await read
      .select({ processId: t.processVersion.processId, version: t.processVersion.version })
      .from(t.processVersion)
      .where(eq(t.processVersion.workspaceId, person.workspaceId))
      .orderBy(desc(t.processVersion.version));
    const processes = await read
      .select({ id: t.process.id, key: t.process.key, name: t.process.name, recordType: t.process.recordType })
      .from(t.process)
      .where(eq(t.process.workspaceId, person.workspaceId))
      .orderBy(t.process.name);
    return editorChoices(
      language,
      settings,
      processes.map(({ id: process, ...one }) => ({
        ...one,
        versions: versions.flatMap((v) => (v.processId === process ? [v.version] : [])),
        variables: Object.keys(live.get(one.key)?.compiled.document.variables ?? {}),
      })),
      (await connectionsOf(services.store, person.workspaceId)).map(({ key, name, config }) => ({
        key,
        name,
        kind: config.kind,
        operations: config.kind === "api" ? Object.keys(config.operations) : [],
      })),
    );
  }),
  /** Somebody else's draft, to look at or to copy; it is never published by another than its owner. */
  draftOf: action("processes.edit")
    .input(z.strictObject({ id, memberId: z.string().max(80) }))
    .query(async ({ ctx: { services, person }, input }) => {
      const draft = orAbsent(await findDraft(services, person.workspaceId, input.id, input.memberId), "This draft");
      return { document: draft.document, baseVersion: draft.baseVersion, savedAt: draft.savedAt };
    }),
  save: action("processes.edit")
    .input(
      z.strictObject({
        id,
        revision: z.number().int().min(0),
        baseVersion: z.number().int().positive().nullable(),
        document,
      }),
    )
    .mutation(async ({ ctx, input }) =>
      orRefuse(
        await saveDraft(ctx.services.engine, askOf(ctx), ctx.person.memberId, {
          processId: input.id,
          revision: input.revision,
          baseVersion: input.baseVersion,
          document: input.document,
        }),
      ),
    ),
  discard: action("processes.edit")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx, input }) =>
      orRefuse(await discardDraft(ctx.services.engine, askOf(ctx), ctx.person.memberId, input.id)),
    ),
  create: action("processes.edit")
    .input(z.strictObject({ document }))
    .mutation(async ({ ctx, input }) =>
      orRefuse(await createProcess(ctx.services.engine, askOf(ctx), ctx.person.memberId, input.document)),
    ),
  /** What a new process can start from. */
  templates: action("processes.read").query(({ ctx: { language } }) =>
    shippedTemplates.map(({ key, recordType, name, summary }) => ({
      key,
      recordType,
      name: name[language],
      summary: summary[language],
    })),
  ),
  /** A draft of a shipped process; a second one of the same gets a key of its own. */
  fromTemplate: action("processes.edit")
    .input(z.strictObject({ key: z.string().max(64) }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const template = orAbsent(await readShippedTemplate(input.key), "This template");
      const { owners } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      let key = template.key;
      for (let n = 2; owners.has(key); n++) key = `${template.key}_${n}`;
      return orRefuse(await createProcess(services.engine, askOf(ctx), person.memberId, { ...template, key }));
    }),
  check: action("processes.read")
    .input(z.strictObject({ document }))
    .query(async ({ ctx: { services, person, say }, input }) => {
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      return saidProblems(checkDraft(input.document, checkContext(context)), say);
    }),
  /** What one action of a draft would do for a record. Nothing is stored and nothing is sent. */
  dryRunAction: action("actions.dryRun")
    .input(z.strictObject({ document, node: z.string().max(64).nullable(), action: actionSchema, record: id }))
    .mutation(async ({ ctx: { services, person, language, say }, input }) => {
      const tried = orAbsent(
        await tryAction(
          { ...services.engine, baseUrl: services.address.baseUrl },
          {
            workspaceId: person.workspaceId,
            memberId: person.memberId,
            language,
            now: services.clock.now(),
            document: input.document,
            node: input.node,
            action: input.action,
            recordId: input.record,
          },
        ),
        "This record",
      );
      return {
        ...tried,
        problem: tried.problem && say(tried.problem),
        leaves: tried.leaves.map((one) => (one.kind === "problem" ? { ...one, text: say(one.text) } : one)),
      };
    }),
  /** The decision tables of a DMN file, ready to be put into a draft. Nothing is stored; a broken file changes nothing. */
  readTables: action("processes.edit")
    .input(z.strictObject({ file: z.string().min(1).max(900_000), document }))
    .mutation(async ({ ctx: { say }, input }) => {
      const read = await readDmn(new TextEncoder().encode(input.file));
      const { model } = orRefuse(read.ok ? read : refuse("INVALID", read.problem.text));
      const taken = takeTables(model, knownNames(input.document));
      return { tables: taken.tables, variables: taken.variables, told: taken.told.map(say) };
    }),
  /** A decision table of a draft as a DMN file. */
  tableAsDmn: action("processes.read")
    .input(z.strictObject({ document, table: z.string().max(64) }))
    .mutation(({ input: { document: drawn, table } }) => {
      const found = orAbsent(drawn.decisionTables[table], "This decision table");
      return { file: writeDmn(drawn, { [table]: found }, typeScope(drawn)) };
    }),
  /** Whom a drawn step would ask about one record and in which order, and what its gates would miss. Nothing is stored. */
  tryStep: action("processes.test")
    .input(
      z.strictObject({
        document,
        node: z.string().max(64),
        recordId: z.string().max(80),
        requester: z.string().max(80).nullable(),
      }),
    )
    .mutation(async ({ ctx: { services, person, say }, input }) => {
      const { store, engine, clock } = services;
      const now = clock.now();
      const record = orAbsent(await findRecord(store, person.workspaceId, input.recordId), "This record");
      const tried = orAbsent(
        // Of a record of another type there is nothing to say.
        record.type === input.document.recordType
          ? await tryStep(engine, {
              workspaceId: person.workspaceId,
              process: compileVersion(input.document, 0),
              node: input.node,
              record,
              requester: input.requester,
              now,
            })
          : null,
        "This step",
      );
      return {
        ...tried,
        wrong: tried.wrong && say(tried.wrong),
        entry: tried.entry.map(say),
        exit: tried.exit.map(say),
      };
    }),
  publish: action("processes.publish")
    .input(z.strictObject({ id, note: z.string().trim().min(1).max(2000), revision: z.number().int().positive() }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const draft = orAbsent(await findDraft(services, person.workspaceId, input.id, person.memberId), "Your draft");
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      const live = context.live.get(draft.document.key);
      const changes = live ? diffProcess(live.compiled.document, draft.document).length : draft.document.nodes.length;
      return orRefuse(
        await publishProcess(services.engine, askOf(ctx), {
          processId: input.id,
          document: draft.document,
          note: input.note,
          baseVersion: draft.baseVersion,
          memberId: person.memberId,
          changes,
          check: checkContext(context),
        }),
      );
    }),
});
