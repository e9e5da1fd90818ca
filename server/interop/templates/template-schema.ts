/** The neutral template form: eight processes are written in it (`schema: revops-process-template/1`), others may be. */
import { z } from "zod";
import { decisionTableSchema, feel, identifier } from "@/server/engine/process.ts";

const name = z.string().min(1).max(200);
const oneOrMore = z.union([identifier, z.array(identifier).max(20)]);
const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const duration = z.string().min(1).max(32);
const words = z.string().min(1).max(2000);
const map = <T extends z.ZodType>(value: T) => z.record(identifier, value);

export const templateSchema = z.strictObject({
  schema: z.literal("revops-process-template/1"),
  id: identifier,
  name,
  version: z.string().max(40),
  summary: z.string().max(2000).default(""),
  object: identifier,
  related: map(z.string().max(300)).default({}),
  value_at_risk: feel.optional(),
  start: z.strictObject({ event: z.string().max(80), when: feel.optional() }),
  duplicate_run_policy: z.enum(["one_active_per_record", "many"]).default("one_active_per_record"),
  idle_limit: duration.optional(),
  success_ends: z.array(identifier).default([]),
  roles: map(z.strictObject({ name, queue: identifier.optional(), fallback: identifier.optional() })).default({}),
  queues: map(
    z.strictObject({
      role: identifier,
      strategy: z.enum(["round_robin", "least_loaded", "record_owner", "pull", "named"]),
      capacity_per_user_day: z.number().int().positive().optional(),
      skip_when_out_of_office: z.boolean().optional(),
    }),
  ).default({}),
  calendars: map(
    z.strictObject({
      time_zone: z.string().min(1).max(64),
      days: z.array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])).min(1),
      from: z.string().regex(/^\d\d:\d\d$/, "write a time as 08:30"),
      to: z.string().regex(/^\d\d:\d\d$/, "write a time as 18:30"),
      holidays: z.string().max(40).default("none"),
    }),
  ).default({}),
  variables: z
    .record(
      z.string().regex(/^run\.[a-z][a-z0-9_]*$/i, "a variable is written run.name"),
      z.strictObject({
        type: z.enum(["text", "long_text", "integer", "decimal", "percent", "boolean", "date", "datetime", "picklist"]),
        values: z.array(z.string().max(80)).max(200).optional(),
        default: plain.optional(),
      }),
    )
    .default({}),
  forms: map(
    z.strictObject({
      title: name,
      fields: z
        .array(
          z.strictObject({
            field: z.string().min(1).max(130),
            required: z.boolean().optional(),
            required_when: feel.optional(),
            read_only: z.boolean().optional(),
            help: z.string().max(500).optional(),
          }),
        )
        .max(100),
    }),
  ).default({}),
  decision_tables: map(
    z.strictObject({
      hit_policy: decisionTableSchema.shape.hitPolicy,
      note: z.string().max(2000).optional(),
      inputs: z.array(feel).max(30),
      outputs: z.array(z.string().max(130)).min(1).max(30),
      rules: z
        .array(
          z.strictObject({
            when: z.array(z.string().max(4096)),
            then: z.array(plain),
            note: z.string().max(500).optional(),
          }),
        )
        .max(2000),
    }),
  ).default({}),
  slas: map(
    z.strictObject({
      name,
      target: duration,
      calendar: identifier.optional(),
      starts: z.string().max(80).default("step.entered"),
      stops: z.string().max(80).default("step.completed"),
      applies_when: feel.optional(),
      pause_when: feel.optional(),
      warn_at: z.array(z.number().int().min(1).max(99)).max(10).default([]),
      on_warn: z.array(words).max(20).default([]),
      on_breach: z.array(words).max(20).default([]),
    }),
  ).default({}),
  kpis: z
    .array(z.strictObject({ kpi: identifier, target: z.number().optional(), node: identifier.optional() }))
    .default([]),
  nodes: z
    .array(
      z.strictObject({
        id: identifier,
        type: z.enum([
          "start",
          "task",
          "approval",
          "automation",
          "decision",
          "parallel",
          "join",
          "wait",
          "subprocess",
          "end",
        ]),
        name,
        role: identifier.optional(),
        form: identifier.optional(),
        sla: oneOrMore.optional(),
        playbook: z.string().max(32_000).optional(),
        decision_table: oneOrMore.optional(),
        actions: z.array(words).max(50).optional(),
        on_complete: z.array(words).max(50).optional(),
        entry_criteria: feel.optional(),
        skip_when: feel.optional(),
        self_approval: z.enum(["allow", "forbid"]).optional(),
        process: identifier.optional(),
        wait: z
          .strictObject({
            for: z.enum(["event", "duration", "date"]).default("event"),
            event: z.string().max(80).optional(),
            timeout: duration.optional(),
            until: feel.optional(),
            calendar: identifier.optional(),
          })
          .optional(),
        outcome: z.enum(["success", "neutral", "negative"]).optional(),
      }),
    )
    .max(1000),
  edges: z
    .array(
      z.strictObject({
        from: identifier,
        to: identifier,
        label: z.string().max(200).optional(),
        when: feel.optional(),
        default: z.boolean().optional(),
        trigger: z.enum(["event", "timeout"]).optional(),
        rework: z.boolean().optional(),
        handoff: z.string().max(200).optional(),
      }),
    )
    .max(3000),
});
export type Template = z.infer<typeof templateSchema>;
export type TemplateNode = Template["nodes"][number];
