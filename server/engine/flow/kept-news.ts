/** What reaches a suspended run: kept as it came, and heard when the run goes on. */
import type { CommandOf } from "../commands.ts";
import type { News } from "../events.ts";
import { type Turn, emit } from "../turn.ts";

/** Nothing moves in a suspended run, and nothing it was told is lost. */
export function keep(turn: Turn, news: News): null {
  emit(turn, "NewsKept", { news });
  return null;
}

export function newsOf(command: CommandOf<News["type"]>, now: number): News {
  switch (command.type) {
    case "effectAnswered":
      return { type: "effectAnswered", effect: command.effect, ok: command.ok, result: command.result };
    case "childEnded": {
      const { token, child, outcome, variables, error } = command;
      return {
        type: "childEnded",
        token,
        child,
        outcome,
        ...(variables && { variables }),
        ...(error && { error }),
      };
    }
    case "recordChanged": {
      const { recordType, recordId, events, since } = command;
      return { type: "recordChanged", recordType, recordId, events, since: since ?? now };
    }
    default:
      return command satisfies never;
  }
}
