/**
 * A process in the neutral template form to our own document, by the table of the templates' README. Keeps every id. What the
 * product cannot do by itself is never dropped: it becomes a line of a step's checklist or a notice, and is listed as a need.
 */
import { isMap } from "yaml";
import type { z } from "zod";
import { type Process, type ProcessEdge, type ProcessNode, processSchema } from "@/server/engine/process.ts";
import type { Problem } from "@/server/engine/checks/problems.ts";
import { type RecordModel, recordType, standardModel } from "@/server/records/model.ts";
import { layoutProcess } from "../layout.ts";
import { type Need, needsOf } from "../needs.ts";
import type { FileProblem } from "../process-text/file-problem.ts";
import { type Parsed, parseYaml } from "../process-text/parse-yaml.ts";
import { sentenceOf } from "../process-text/schema-sentences.ts";
import { say, take, type Taken } from "../process-text/take.ts";
import { toFeelText } from "./feel-dialect.ts";
import { ownerFieldOf } from "./queue-owner.ts";
import { relatedRule } from "./related.ts";
import { ladder, stepLines } from "./step-lines.ts";
import { checkTemplate, listOf } from "./template-checks.ts";
import { type Template, type TemplateNode, templateSchema } from "./template-schema.ts";
import { type Vocabulary, vocabularyOf } from "./vocabulary.ts";

export type TemplateContext = {
  model?: RecordModel;
  /** Record type of a process by key, as far as it is known: tells a called process for the same record from one for a related. */
  recordTypeOf?: (process: string) => string | undefined;
  /** Ids of the KPI catalogue; not checked when left out. */
  kpis?: ReadonlySet<string>;
};
export type ImportedTemplate =
  | { ok: true; process: Process; needs: Need[]; warnings: Problem[] }
  | { ok: false; problems: FileProblem[] };

export function importTemplate(input: string | Uint8Array, context: TemplateContext = {}): ImportedTemplate {
  const parsed = parseYaml(input);
  return parsed.ok ? importParsedTemplate(parsed, context) : parsed;
}

export function importParsedTemplate(
  { root, place }: Extract<Parsed, { ok: true }>,
  context: TemplateContext = {},
): ImportedTemplate {
  const taken: Taken = { place, problems: [], offsets: new Map(), expressions: [] };
  if (!isMap(root)) say(taken, [], "FILE_OF_ANOTHER_KIND", "This is not a process template. Nothing was read.");
  const plain = take(root, templateSchema, [], taken);
  const result = templateSchema.safeParse(plain);
  if (!result.success)
    for (const issue of result.error.issues) say(taken, issue.path, "WRONG_VALUE", sentenceOf(issue, plain));
  if (!result.success || taken.problems.length > 0) return { ok: false, problems: taken.problems.slice(0, 100) };

  const vocabulary = vocabularyOf(result.data, context.model ?? standardModel);
  if (!recordType(result.data.object, vocabulary.model))
    say(
      taken,
      ["object"],
      "WRONG_VALUE",
      `There is no record type “${result.data.object}” in this workspace. Add it, or import the template for another one.`,
    );
  else
    for (const problem of checkTemplate(result.data, vocabulary, context.kpis ?? null))
      say(
        taken,
        problem.path,
        problem.code === "UNKNOWN_NAME" || problem.code === "BAD_FLOW" ? "WRONG_VALUE" : problem.code,
        problem.text,
      );
  if (taken.problems.length > 0) return { ok: false, problems: taken.problems.slice(0, 100) };

  const warnings: Problem[] = [];
  const process = layoutProcess(convert(vocabulary, context, warnings));
  return { ok: true, process, needs: needsOf(process), warnings };
}

function convert(vocabulary: Vocabulary, context: TemplateContext, warnings: Problem[]): Process {
  const { template } = vocabulary;
  const document: z.input<typeof processSchema> = {
    key: template.id,
    name: template.name,
    summary: template.summary,
    recordType: template.object,
    related: related(vocabulary, warnings),
    ...(template.value_at_risk && { valueAtRisk: toFeelText(template.value_at_risk) }),
    runPolicy: template.duplicate_run_policy,
    ...(template.idle_limit && { idleLimit: template.idle_limit }),
    roles: template.roles,
    queues: each(template.queues, (queue, key) => {
      const ownerField = queue.strategy === "record_owner" ? ownerFieldOf(key, vocabulary) : undefined;
      return {
        role: queue.role,
        strategy: queue.strategy,
        ...(ownerField && { ownerField }),
        ...(queue.capacity_per_user_day && { capacityPerDay: queue.capacity_per_user_day }),
      };
    }),
    calendars: each(template.calendars, calendar),
    variables: Object.fromEntries(
      Object.entries(template.variables).map(([key, variable]) => [key.slice("run.".length), variable]),
    ),
    forms: each(template.forms, ({ title, fields }) => ({ title, fields: fields.map(formField) })),
    decisionTables: each(template.decision_tables, ({ hit_policy, note, inputs, outputs, rules }) => ({
      hitPolicy: hit_policy,
      ...(note && { note }),
      inputs: inputs.map(toFeelText),
      outputs,
      rules: rules.map((rule) => ({ ...rule, when: rule.when.map(toFeelText) })),
    })),
    slas: each(template.slas, (sla, key) => slaOf(sla, key, vocabulary, warnings)),
    kpis: template.kpis.map(({ kpi, node, target }) => ({
      kpi,
      ...(node && { node }),
      ...(target !== undefined && { target }),
    })),
    nodes: template.nodes.map((node) => nodeOf(node, vocabulary, context, warnings)),
    edges: edgesOf(template),
  };
  return processSchema.parse(document);
}

const each = <From, To>(map: Record<string, From>, change: (value: From, key: string) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));

function related(vocabulary: Vocabulary, warnings: Problem[]): Process["related"] {
  const rules: Process["related"] = {};
  for (const [name, text] of Object.entries(vocabulary.template.related)) {
    const rule = relatedRule(name, text, vocabulary);
    if (rule) rules[name] = rule;
    else
      warnings.push({
        severity: "warning",
        code: "NOT_RELATED",
        text: `“${name}: ${text}” could not be found by any reference of the record model. Say in the process how to find it.`,
      });
  }
  return rules;
}

function calendar({
  time_zone,
  days,
  from,
  to,
  holidays,
}: Template["calendars"][string]): Process["calendars"][string] {
  const open = (day: (typeof days)[number]) => (days.includes(day) ? [{ from, to }] : []);
  return {
    zone: time_zone,
    week: {
      mon: open("mon"),
      tue: open("tue"),
      wed: open("wed"),
      thu: open("thu"),
      fri: open("fri"),
      sat: open("sat"),
      sun: open("sun"),
    },
    holidays,
  };
}

const formField = ({
  field,
  required,
  required_when,
  read_only,
  help,
}: Template["forms"][string]["fields"][number]) => ({
  field,
  ...(required && { required }),
  ...(required_when && { requiredWhen: toFeelText(required_when) }),
  ...(read_only && { readOnly: read_only }),
  ...(help && { help }),
});

function slaOf(
  sla: Template["slas"][string],
  key: string,
  vocabulary: Vocabulary,
  warnings: Problem[],
): Process["slas"][string] {
  const pause = sla.pause_when?.trim() === "false" ? undefined : sla.pause_when;
  return {
    name: sla.name,
    target: sla.target,
    ...(sla.calendar && { calendar: sla.calendar }),
    starts: sla.starts,
    stops: sla.stops,
    ...(sla.applies_when && { appliesWhen: toFeelText(sla.applies_when) }),
    ...(pause && { pauseWhen: toFeelText(pause) }),
    warnAt: sla.warn_at,
    onWarn: ladder(sla.on_warn, key, vocabulary, warnings),
    onBreach: ladder(sla.on_breach, key, vocabulary, warnings),
  };
}

function nodeOf(
  node: TemplateNode,
  vocabulary: Vocabulary,
  context: TemplateContext,
  warnings: Problem[],
): z.input<typeof processSchema>["nodes"][number] {
  const { template } = vocabulary;
  const slas = listOf(node.sla);
  const tables = listOf(node.decision_table);
  return {
    id: node.id,
    kind: node.type,
    name: node.name,
    ...(node.type === "start" && { note: `Imported from the template ${template.id}, version ${template.version}.` }),
    config: configOf(node, template, context),
    ...(node.role && { role: node.role }),
    ...(node.form && { form: node.form }),
    ...(node.playbook && { playbook: node.playbook }),
    ...(slas.length > 0 && { slas: [...slas] }),
    ...(node.entry_criteria && { entryCriteria: toFeelText(node.entry_criteria) }),
    ...(node.skip_when && { skipWhen: toFeelText(node.skip_when) }),
    ...(tables.length > 0 && { decisionTables: [...tables] }),
    ...stepLines(node, vocabulary, warnings),
  };
}

/** Approvals whose completion approves, whatever their form asks first. */
const completingApproves = new Set(["save_plan", "write_off"]);

function configOf(node: TemplateNode, template: Template, context: TemplateContext): ProcessNode["config"] {
  switch (node.type) {
    case "start":
      return startConfigOf(template.start);
    case "approval":
      return {
        selfApproval: node.self_approval ?? "forbid",
        ...(completingApproves.has(node.id) && { decisionField: "none" }),
        exits: "done",
      };
    case "wait":
      return waitConfigOf(node.wait);
    case "subprocess": {
      const type = node.process ? context.recordTypeOf?.(node.process) : undefined;
      return {
        process: node.process ?? "",
        record: type === undefined || type === template.object ? "same" : "related",
      };
    }
    case "end":
      return { outcome: node.outcome ?? "neutral" };
    case "task":
    case "automation":
    case "decision":
    case "parallel":
    case "join":
      return {};
    default:
      return node.type satisfies never;
  }
}

function startConfigOf({ event, when }: Template["start"]): ProcessNode["config"] {
  const guard = when ? { when: toFeelText(when) } : {};
  if (event === "record.created") return { trigger: "record_created", ...guard };
  if (event === "timer.daily") return { trigger: "schedule", ...guard, at: "06:00" };
  return { trigger: "event", event, ...guard };
}

function waitConfigOf(wait: TemplateNode["wait"]): ProcessNode["config"] {
  if (!wait) return { for: "event" };
  const calendar = wait.calendar ? { calendar: wait.calendar } : {};
  const until = wait.until ? { until: toFeelText(wait.until) } : {};
  if (wait.for === "duration") return { for: "duration", ...(wait.timeout && { duration: wait.timeout }), ...calendar };
  if (wait.for === "date") return { for: "date", ...until, ...calendar };
  return {
    for: "event",
    ...until,
    ...(wait.event && { event: wait.event }),
    ...(wait.timeout && { timeout: wait.timeout }),
    ...calendar,
  };
}

function edgesOf(template: Template): ProcessEdge[] {
  const ids = new Set<string>();
  return template.edges.map(({ from, to, label, when, default: otherwise, trigger, rework, handoff }) => {
    const base = `${from}_to_${to}`.slice(0, 60);
    let id = base;
    for (let n = 2; ids.has(id); n++) id = `${base}_${n}`;
    ids.add(id);
    return {
      id,
      from,
      ...(trigger && { port: trigger }),
      to,
      ...(when && { when: toFeelText(when) }),
      ...(otherwise && { otherwise }),
      ...(label && { label }),
      ...(rework && { rework }),
      ...(handoff && { handoff }),
    };
  });
}
