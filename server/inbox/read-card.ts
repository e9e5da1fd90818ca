/** Everything the card of one task shows. */
import { findRecords } from "@/db/queries/records.ts";
import { accountTitles, findWork } from "@/db/queries/inbox.ts";
import { clocksOfRuns, eventsOf, findRun, visitsOfRuns } from "@/db/queries/runs.ts";
import { approvalsOf, usualTimes } from "@/db/queries/usual-times.ts";
import type { Store } from "@/db/store.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import type { RecordLabels } from "@/server/records/rules.ts";
import { activityOf } from "./activity.ts";
import { askedViews } from "./asked-view.ts";
import { clockView } from "./clock-view.ts";
import { formView, outcomesView } from "./form-view.ts";
import { nextSteps, pathView } from "./path-view.ts";
import { itemTitles } from "./item-titles.ts";
import { type InboxDeps, type Reader, rowOf } from "./read-inbox.ts";

export type StepCard = Awaited<ReturnType<typeof readCard>>;

/** Everything the card of one task shows. Null when there is no such task. */
export async function readCard(deps: InboxDeps, reader: Reader, id: string, now: number) {
  const [runId = "", workId = ""] = id.split(".");
  const { store } = deps;
  const row = await findWork(store, reader.workspaceId, runId, workId);
  const run = row ? await findRun(store, reader.workspaceId, runId) : null;
  const process = run ? await deps.contexts.version(reader.workspaceId, run.process, run.version) : null;
  const node = row && process ? process.nodes.get(row.node) : undefined;
  if (!row || !run || !process || !node) return null;
  const context = await deps.contexts.get(reader.workspaceId, now);
  const records = await recordsOfRun(store, run, context.model, now);
  const record = records.get(run.recordId);
  const named = (name: string): EngineRecord | null =>
    name === run.recordType ? (record ?? null) : (records.get(run.related[name] ?? "") ?? null);
  const item = run.work[workId];
  const labels = deps.labels(reader.locale, context.fields);
  const input = {
    process,
    node,
    run,
    recordNamed: named,
    labels,
    sources: context.model.sources,
    draft: item?.draft ?? {},
  };
  const visits = await visitsOfRuns(store, reader.workspaceId, [runId]);
  const clocks = (await clocksOfRuns(store, reader.workspaceId, [runId])).filter(
    (c) => c.visit === row.visit || (c.node === row.node && c.stoppedAt === null),
  );
  const accounts = await accountTitles(store, reader.workspaceId, [row.recordId]);
  const inboxRow = await rowOf(
    deps,
    context,
    {
      ...row,
      recordTitle: record ? context.model.title(record.type, record.values) : "",
      recordAmount: record ? context.model.amount(record.type, record.values) : null,
      accountTitle: accounts.get(row.recordId) ?? null,
    },
    clocks,
    now,
    (await itemTitles(deps, context, [row])).get(id),
  );
  const { field, outcomes } = outcomesView({ ...input, picklist: context.model.picklist });
  const name = (memberId: string | null | undefined) =>
    memberId ? (context.directory.people.get(memberId)?.name ?? null) : null;
  const usual = item?.approval ? await usualTimes(store, reader.workspaceId, approvalsOf(run)) : null;
  const asked = usual
    ? askedViews(process, run, {
        name,
        me: reader.memberId,
        owner: typeof record?.values.owner_id === "string" ? record.values.owner_id : null,
        forced: false,
        usually: (at) => usual.get(`${run.process}/${at}`) ?? null,
      })
    : [];
  return {
    ...inboxRow,
    rev: run.rev,
    version: run.version,
    state: row.state,
    open: item !== undefined,
    approval: row.approval,
    /** Of an open approval: who has decided, who is asked now and next. */
    asked: asked.find((one) => one.token === item?.token) ?? null,
    role: process.document.roles[row.role]?.name ?? row.role,
    mine: row.assignee === reader.memberId,
    assigneeName: name(row.assignee),
    completedByName: name(row.completedBy),
    guidance: node.node.playbook ?? null,
    checklist: node.node.checklist ?? [],
    fields: formView(input),
    outcomeField: field,
    outcomes,
    next: nextSteps(process, node.id),
    path: pathView(
      process,
      visits.map((v) => ({ node: v.node, enteredAt: v.enteredAt, leftAt: v.leftAt ?? null, skipped: v.skipped })),
      new Set(Object.values(run.incidents).map((one) => one.node)),
    ),
    clocks: clocks.map((c) => clockView(context, process, visits, c, now)),
    recordFields: record ? await summaryOf(deps, reader.workspaceId, labels, record, name) : [],
    recordOwner: typeof record?.values.owner_id === "string" ? record.values.owner_id : null,
    baseCurrency: context.currency,
    recordCurrency: typeof record?.values.currency === "string" ? record.values.currency : context.currency,
    snoozedUntil: item?.snoozedUntil ?? null,
    /** What happened last, newest first. */
    activity: (await eventsOf(store, reader.workspaceId, "run", [runId]))
      .flatMap((event) => activityOf(process, event, name) ?? [])
      .slice(-12)
      .reverse(),
  };
}

/** The fields a list shows of a record; a reference is shown by the title of what it names, and leads there. */
async function summaryOf(
  { store }: InboxDeps,
  workspaceId: string,
  labels: RecordLabels,
  record: EngineRecord,
  name: (member: string | null | undefined) => string | null,
) {
  const fields = labels.summary(record.type).map((f) => ({ ...f, value: record.values[f.name] ?? null }));
  const ids = fields.flatMap((f) => (f.type === "reference" && typeof f.value === "string" ? f.value : []));
  const titles = new Map((await findRecords(store, workspaceId, ids)).map((row) => [row.id, row.title]));
  return fields.map(({ name: key, label, type, options, value, to }) => {
    const id = type === "reference" && typeof value === "string" ? value : null;
    return {
      name: key,
      label,
      type: type as string,
      options,
      value: id ? (titles.get(id) ?? name(id) ?? id) : value,
      link: id && to !== "user" && titles.has(id) ? id : null,
    };
  });
}

/** The run's own record and every record it has a name for, as they are read now. */
async function recordsOfRun(
  store: Store,
  run: Run,
  model: RecordRules,
  now: number,
): Promise<Map<string, EngineRecord>> {
  const rows = await findRecords(store, run.workspaceId, [
    run.recordId,
    ...Object.values(run.related).flatMap((id) => id ?? []),
  ]);
  return new Map(rows.map((row) => [row.id, recordAt(model, row, now)]));
}
