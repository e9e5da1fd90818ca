/** What a fact of a run is about, in names instead of ids: what the history puts into its sentences. */
import type { Effect, Evaluated, StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { VersionRef } from "@/server/engine/migrate/map.ts";
import type { Plain } from "@/server/engine/model.ts";
import { sentence } from "@/server/engine/work/form.ts";

/** A reason that was chosen is a key of the process; one that was written stays as it is. */
const inWords = ({ document }: CompiledProcess, reason: string): string =>
  Object.values(document.variables).some(({ values }) => values?.includes(reason)) ? sentence(reason) : reason;

export type Told = {
  /** Words for the sentence: names, numbers, a reason; `why` and `text` may be sentences of ours. */
  facts: Record<string, string | number>;
  /** Conditions that were looked at, with the values of that moment. */
  conditions: Evaluated[];
};

/**
 * For each event of one run, by its number in the log, in the words of the version it was on then; `item`: how an item of a for-each
 * is called.
 */
export function tellEvents(
  current: CompiledProcess,
  events: readonly StoredEvent[],
  item: (value: Plain, records: boolean) => string,
  version: (ref: VersionRef) => CompiledProcess | undefined = () => undefined,
): Map<number, Told> {
  let process = current;
  const told = new Map<number, Told>();
  const name = (id: string | null | undefined) => (id ? process.nodes.get(id)?.node.name || id : "");
  let at = new Map<string, string>();
  /** Where its tokens were before it was moved to another version. */
  let before = at;
  const scopes = new Map<string, { node: string; index?: number; item?: Plain }>();
  const ofRecords = new Map<string, boolean>();
  const boundary = (token: string, id: string) =>
    process.nodes.get(at.get(token) ?? "")?.boundary.find((b) => b.id === id);
  const round = (scope: string) => {
    const one = scopes.get(scope);
    return {
      what: name(one?.node),
      index: one?.index === undefined ? 0 : one.index + 1,
      item: one?.item === undefined ? "" : item(one.item, ofRecords.get(one.node) ?? false),
    };
  };
  const tell = ({ seq }: StoredEvent, facts: Told["facts"], conditions: readonly (Evaluated | undefined)[] = []) =>
    told.set(seq, { facts, conditions: conditions.flatMap((one) => one ?? []) });
  for (const event of events) {
    switch (event.type) {
      case "TokenEntered":
      case "TokenHeld":
        at.set(event.data.token, event.data.node);
        break;
      case "TokenLeft":
        if (event.data.conditions?.length) tell(event, { what: name(event.data.node) }, event.data.conditions);
        break;
      case "RunStarted":
        process = version(event.data) ?? current;
        break;
      case "RunMigrated": {
        const { how, from, to, reason, map } = event.data;
        process = version(to) ?? current;
        if (how === "undone") at = before;
        else {
          before = at;
          at = new Map([...at].map(([token, node]) => [token, map?.nodes[node] ?? node]));
        }
        const into = how === "migrated" && from.process !== to.process;
        tell(event, {
          how: into ? "into" : how,
          from: from.version,
          to: to.version,
          process: process.document.name,
          reason,
        });
        break;
      }
      case "RunJumped": {
        const { how, from, to, reason } = event.data;
        tell(event, { how, from: name(from), to: name(to), reason });
        break;
      }
      case "GoalReached":
        tell(
          event,
          {
            what: name(event.data.node),
            how: event.data.event ? "event" : "condition",
            text: event.data.event ?? "",
          },
          [event.data.condition],
        );
        break;
      case "JoinPassed":
        tell(event, { what: name(event.data.node), n: event.data.open.length });
        break;
      case "LoopStarted": {
        const node = at.get(event.data.token);
        if (node) ofRecords.set(node, event.data.records);
        tell(event, { what: name(node), n: event.data.items.length });
        break;
      }
      case "ScopeOpened":
        scopes.set(event.data.id, event.data);
        tell(event, round(event.data.id));
        break;
      case "ScopeClosed":
        tell(event, { ...round(event.data.id), how: event.data.how });
        break;
      case "BoundaryArmed": {
        const { token, boundary: id } = event.data;
        tell(event, { what: name(at.get(token)), kind: boundary(token, id)?.kind ?? "timer" });
        break;
      }
      case "BoundaryFired": {
        const { token, boundary: id, beside, condition } = event.data;
        const one = boundary(token, id);
        tell(
          event,
          {
            what: name(at.get(token)),
            kind: one?.kind ?? "timer",
            text: one?.kind === "message" ? one.event : one?.kind === "timer" ? one.after : "",
            stays: beside ? "yes" : "no",
          },
          [condition],
        );
        break;
      }
      case "ErrorCaught":
        tell(event, { what: name(at.get(event.data.token)), code: event.data.code, text: event.data.text });
        break;
      case "CompensationDone":
        tell(event, { what: name(event.data.node), done: event.data.done ? "yes" : "no" });
        break;
      case "HandoffSubmitted":
      case "HandoffAccepted":
        tell(event, { what: event.data.artefact });
        break;
      case "HandoffRejected":
        tell(event, { what: event.data.artefact, why: inWords(process, event.data.reason ?? "") });
        break;
      case "ReworkStarted":
        tell(event, { from: name(event.data.from), to: name(event.data.to) });
        break;
      case "MessageReceived":
      case "MessageExpired":
        tell(event, { what: event.data.event });
        break;
      case "ChildStarted":
        tell(event, { what: name(at.get(event.data.token)) });
        break;
      case "IncidentRaised":
        tell(event, { what: name(event.data.node), why: event.data.text });
        break;
      case "IncidentResolved":
        tell(event, { how: event.data.how ?? "", why: event.data.reason ?? "" });
        break;
      case "ActionReached":
        tell(event, { what: name(at.get(event.data.token)), n: event.data.action + 1 });
        break;
      case "EffectRequested":
        tell(event, { kind: event.data.effect.kind, text: subjectOf(event.data.effect) });
        break;
      case "EffectAnswered":
        tell(event, { how: event.data.ok ? "" : "failed" });
        break;
      case "ApprovalPlanned":
        tell(event, { what: name(event.data.node), n: event.data.levels.length });
        break;
      case "ApprovalLevelOpened":
        tell(event, { n: event.data.level + 1 });
        break;
      case "ApprovalLevelClosed":
        tell(event, { n: event.data.level + 1, how: event.data.decision });
        break;
      case "ApprovalSettled":
        tell(event, { how: event.data.decision });
        break;
      case "ApprovalDecided":
        tell(event, { how: event.data.decision, why: event.data.comment ?? event.data.reason ?? "" });
        break;
      case "RunCancelled":
      case "RunSuspended":
      case "RunRemoved":
      case "StepPaused":
      case "WorkCancelled":
      case "ApprovalWithdrawn":
        tell(event, { why: event.data.reason ?? "" });
        break;
      default:
        break;
    }
  }
  return told;
}

/** What somebody outside, or another person, was asked or told. */
function subjectOf(effect: Effect): string {
  switch (effect.kind) {
    case "notice":
      return effect.title;
    case "http":
      // What follows the path may hold values that are nobody's business here.
      return `${effect.method} ${effect.url.split("?")[0]}`;
    case "connector":
      return `${effect.connector}, ${effect.operation}`;
    case "chat":
      return effect.connection;
    case "emit":
      return effect.event;
    case "mail":
    case "start_process":
    case "child_ended":
    case "cancel_child":
    case "record_changed":
      return "";
    default:
      return effect satisfies never;
  }
}
