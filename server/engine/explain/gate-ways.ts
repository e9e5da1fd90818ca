/** How a gate is met: values for everything it misses, the least of them that are needed. */
import type { Visit } from "../model.ts";
import type { Turn } from "../turn.ts";
import type { Unmet } from "../work/gate.ts";
import { type Ways, anySettingFor, onlyWays, waysToMakeTrue } from "./make-true.ts";
import { type Setting, settingOf } from "./settings.ts";

/** Each way meets all of it. Empty where somebody has to make a record or the like, which is no value of a field. */
export function gateWays(turn: Turn, unmet: readonly Unmet[], visit: Visit | null = null): Ways {
  const fields: Setting[] = [];
  const conditions: string[] = [];
  for (const one of unmet) {
    const [field = ""] = one.fields;
    switch (one.kind) {
      case "condition":
        conditions.push(one.not ? `not(${one.when})` : `(${one.when})`);
        break;
      case "field":
      case "link":
      case "note": {
        const setting = fitting(turn, one, field);
        if (!setting) return onlyWays([]);
        fields.push({ ...setting, example: true });
        break;
      }
      case "checklist":
        // Ticked where the step is finished.
        break;
      case "record":
        return onlyWays([]);
      default:
        return one.kind satisfies never;
    }
  }
  const found = conditions.length ? waysToMakeTrue(turn, conditions.join(" and "), visit) : onlyWays([[]]);
  const ways = found.ways.map((way) => [...way, ...fields.filter(({ path }) => !way.some((one) => one.path === path))]);
  return { ...found, ways };
}

function fitting(turn: Turn, { kind, atLeast = 1 }: Unmet, field: string): Setting | null {
  if (kind === "link") return settingOf(turn, field, "https://example.com/evidence");
  return kind === "note"
    ? settingOf(turn, field, "Evidence. ".repeat(Math.ceil(atLeast / 10)))
    : anySettingFor(turn, field);
}
