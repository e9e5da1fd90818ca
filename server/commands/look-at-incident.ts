import { findRun } from "@/db/queries/runs.ts";
import { recordsById } from "@/db/queries/world.ts";
import type { Action } from "@/server/engine/process.ts";
import { namesOf } from "@/server/engine/reads-of.ts";
import { type FieldView, fieldsView } from "@/server/inbox/form-view.ts";
import type { Language } from "@/server/records/field.ts";
import { recordLabels } from "@/server/records/rules.ts";
import type { Deps } from "./deps.ts";
import { engineRecord } from "./load-world.ts";

/** `action`: the one that failed, with its place among those of its step; `fields`: what it reads and writes, as it stands. */
export type IncidentLook = {
  action: { verb: Action["verb"]; at: number; of: number } | null;
  fields: FieldView[];
};

/** Null when there is no such open incident. */
export async function lookAtIncident(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  asked: { workspaceId: string; runId: string; incident: string; language: Language; now: number },
): Promise<IncidentLook | null> {
  const { workspaceId } = asked;
  const run = await findRun(store, workspaceId, asked.runId);
  const incident = run?.incidents[asked.incident];
  const process = run && (await contexts.version(workspaceId, run.process, run.version));
  if (!run || !incident || !process) return null;
  const context = await contexts.get(workspaceId, asked.now);
  const token = run.tokens[incident.token];
  const node = process.nodes.get(incident.node);
  const actions = (token?.phase === "complete" ? node?.node.onComplete : node?.node.actions) ?? [];
  const own = token?.phase && token.action !== undefined ? actions[token.action] : undefined;
  const action = incident.sla?.action ?? own;
  const ids = [run.recordId, ...Object.values(run.related).flatMap((id) => id ?? [])];
  const records = new Map(
    (await recordsById(store, { workspaceId, ids })).map((row) => [row.id, engineRecord(row)] as const),
  );
  const recordNamed = (name: string) =>
    records.get(name === run.recordType ? run.recordId : (run.related[name] ?? "")) ?? null;
  const names = action
    ? namesOf(process, action)
    : (node?.out ?? []).flatMap(({ condition }) => condition?.reads ?? []);
  const known = [...new Set(names)].filter((name) => {
    const dot = name.indexOf(".");
    const [object, field] = [name.slice(0, dot), name.slice(dot + 1)];
    if (object === "run") return Object.hasOwn(process.document.variables, field);
    const record = dot > 0 ? recordNamed(object) : null;
    return record !== null && context.model.hasField(record.type, field);
  });
  return {
    action: incident.sla
      ? { verb: incident.sla.action.verb, at: 0, of: 1 }
      : own && token?.action !== undefined
        ? { verb: own.verb, at: token.action, of: actions.length }
        : null,
    fields: fieldsView(
      { process, run, recordNamed, labels: recordLabels(asked.language, context.fields), draft: {} },
      known.map((field) => ({ field })),
    ).filter(({ readOnly }) => !readOnly),
  };
}
