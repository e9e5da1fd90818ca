/** What each verb needs, and how it is asked for. The screen of actions is drawn from this table. */
import type { Action } from "@/server/engine/process.ts";

export type Verb = Action["verb"];
export type Widget =
  | "field"
  | "value"
  | "condition"
  | "text"
  | "long"
  | "check"
  | "type"
  | "object"
  | "recipient"
  | "role"
  | "queue"
  | "process"
  | "duration"
  | "event"
  | "method"
  | "key"
  | "map"
  | "api"
  | "chat"
  | "operation"
  | "headers"
  | "statuses"
  | "answer"
  | "retry"
  | "step";
export type ActionField = { key: string; widget: Widget; required?: true };

const f = (key: string, widget: Widget, required?: true): ActionField => ({
  key,
  widget,
  ...(required && { required }),
});

export const actionFields: Record<Verb, readonly ActionField[]> = {
  set: [f("field", "field", true), f("value", "value", true), f("ifEmpty", "check"), f("until", "value")],
  create: [f("type", "type", true), f("from", "object"), f("with", "map"), f("into", "field")],
  convert: [f("withoutOpportunity", "check")],
  link: [f("field", "field", true), f("to", "object")],
  match: [f("type", "type", true)],
  assign: [f("queue", "queue"), f("role", "role"), f("field", "field")],
  notify: [f("to", "recipient", true), f("text", "long"), f("byHand", "check")],
  send_template: [f("template", "key", true), f("to", "recipient")],
  chat: [f("connection", "chat", true), f("text", "long", true), f("retry", "retry")],
  connector: [f("connector", "api", true), f("operation", "operation"), f("map", "answer"), f("retry", "retry")],
  http: [
    f("connection", "api"),
    f("method", "method", true),
    f("url", "text", true),
    f("headers", "headers"),
    f("body", "value"),
    f("expect", "statuses"),
    f("map", "answer"),
    f("retry", "retry"),
  ],
  start_process: [f("process", "process", true), f("after", "duration")],
  emit: [f("event", "event", true)],
  lock: [f("object", "object", true)],
  unlock: [f("object", "object", true)],
  escalate: [f("to", "recipient", true), f("text", "long")],
  reassign: [f("role", "role")],
  log: [f("text", "long", true)],
  throw: [f("code", "key", true), f("text", "long")],
  compensate: [f("node", "step")],
};

export const verbs = Object.keys(actionFields) as Verb[];

/** A new action that is whole from the start, so that a half-filled one can be saved. */
export function freshAction(
  verb: Verb,
  {
    recordType,
    field,
    process,
    connection,
  }: { recordType: string; field: string; process: string; connection: (kind: "api" | "chat") => string },
): Action {
  switch (verb) {
    case "set":
      return { verb, field, value: "null" };
    case "create":
    case "match":
      return { verb, type: recordType };
    case "assign":
    case "reassign":
      return { verb };
    case "notify":
      return { verb, to: "assignee" };
    case "escalate":
      return { verb, to: "process_owner" };
    case "send_template":
      return { verb, template: "template" };
    case "chat":
      return { verb, connection: connection("chat"), text: "…" };
    case "connector":
      return { verb, connector: connection("api") };
    case "convert":
      return { verb };
    case "link":
      return { verb, field };
    case "http":
      return { verb, method: "POST", connection: connection("api"), url: "/" };
    case "start_process":
      return { verb, process };
    case "emit":
      return { verb, event: "event.name" };
    case "lock":
    case "unlock":
      return { verb, object: recordType };
    case "log":
      return { verb, text: "" };
    case "throw":
      return { verb, code: "error" };
    case "compensate":
      return { verb };
    default:
      return verb satisfies never;
  }
}
