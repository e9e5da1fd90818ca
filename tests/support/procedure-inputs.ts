/**
 * A valid input for every procedure, made from the things of one workspace. The rights test calls each procedure with its own
 * workspace's things, with a foreign one's and with absent ones; a procedure that is not here fails it.
 */
import type { Side } from "./two-workspaces.ts";

let calls = 0;

const period = (side: Side) => ({ process: side.processKey, from: 0, to: 4_000_000_000_000 });
const smallProcess = {
  key: "small",
  name: "Small",
  recordType: "account",
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [{ id: "e1", from: "start", to: "done" }],
};

export const procedureInputs: Record<string, (side: Side) => unknown> = {
  "inbox.list": () => undefined,
  "inbox.card": (side) => ({ id: side.workId }),
  "inbox.begin": (side) => ({ id: side.workId }),
  "inbox.save": (side) => ({ id: side.workId, values: {} }),
  "inbox.complete": (side) => ({ id: side.workId, outcome: null, values: {} }),
  "inbox.undo": (side) => ({ id: side.workId }),
  "inbox.claim": (side) => ({ id: side.workId }),
  "inbox.release": (side) => ({ id: side.workId }),
  "inbox.handOver": (side) => ({ id: side.workId, to: side.memberId }),
  "inbox.assign": (side) => ({ id: side.workId, to: side.memberId }),
  "inbox.block": (side) => ({ id: side.workId, reason: "waiting for the customer" }),
  "inbox.unblock": (side) => ({ id: side.workId }),
  "inbox.snooze": (side) => ({ id: side.workId, until: null }),
  "inbox.people": () => undefined,
  "keys.list": () => undefined,
  "keys.create": () => ({ name: "reporting", scopes: ["reports.*"], days: 30 }),
  "keys.revoke": (side) => ({ id: side.keyId }),
  "live.changes": () => undefined,
  "me.change": () => ({ theme: "dark" }),
  "me.read": () => undefined,
  "people.list": () => undefined,
  "people.add": (side) => ({
    name: "New",
    email: `new${side.mark}${++calls}@x.test`,
    password: "a long password",
    roles: ["rep"],
    processRoles: [],
    teamId: side.teamId,
    managerId: side.memberId,
    zone: "Europe/Berlin",
    country: "DE",
    locale: "en",
  }),
  "people.change": (side) => ({ id: side.memberId, patch: { capacityPerDay: 8 } }),
  "processes.list": () => undefined,
  "processes.read": (side) => ({ id: side.processId }),
  "processes.edit": (side) => ({ id: side.processId }),
  "processes.choices": () => undefined,
  "processes.draftOf": (side) => ({ id: side.processId, memberId: side.memberId }),
  "processes.save": (side) => ({ id: side.processId, revision: 0, baseVersion: null, document: smallProcess }),
  "processes.discard": (side) => ({ id: side.processId }),
  "processes.create": (side) => ({ document: { ...smallProcess, key: `small_${side.mark.toLowerCase()}_${++calls}` } }),
  "processes.templates": () => undefined,
  "processes.fromTemplate": () => ({ key: "order_to_cash" }),
  "processes.check": () => ({ document: smallProcess }),
  "processes.publish": (side) => ({ id: side.processId, note: "better", revision: 1 }),
  "records.types": () => undefined,
  "records.list": () => ({ type: "account" }),
  "records.read": (side) => ({ id: side.recordId }),
  "records.create": () => ({ type: "account", values: { name: `Acme ${++calls}` } }),
  "records.change": (side) => ({ id: side.recordId, values: { billing_city: "Berlin" } }),
  "records.describe": () => ({ type: "account" }),
  "reports.processes": () => undefined,
  "reports.bottlenecks": (side) => period(side),
  "reports.visits": (side) => ({ ...period(side), node: "call" }),
  "runs.start": (side) => ({ process: side.processKey, recordId: side.recordId }),
  "runs.cancel": (side) => ({ id: side.incidentRunId, reason: "not needed" }),
  "runs.retry": (side) => ({ id: side.incidentRunId, incident: "i1" }),
  "people.setPassword": (side) => ({ id: side.memberId, password: "another long password" }),
};
