import { describe, expect, it } from "vitest";
import { importTemplate } from "./import-template.ts";

describe("a template that breaks the rules of the pack is refused, with the place", () => {
  const text = (change: (lines: string[]) => void) => {
    const lines = [
      "schema: revops-process-template/1",
      "id: tiny",
      "name: Tiny",
      "version: 1.0.0",
      "object: lead",
      "start: {event: record.created}",
      "roles: {sdr: {name: Rep}}",
      "nodes:",
      '  - {id: start, type: start, name: "Came in"}',
      "  - {id: call, type: task, name: Call, role: sdr}",
      "  - {id: gw, type: decision, name: Reached}",
      "  - {id: end, type: end, name: Done, outcome: success}",
      "edges:",
      "  - {from: start, to: call}",
      "  - {from: call, to: gw}",
      "  - {from: gw, to: end, when: 'lead.priority = \"hot\"'}",
      "  - {from: gw, to: call, default: true, rework: true}",
    ];
    change(lines);
    return lines.join("\n");
  };
  const refusal = (change: (lines: string[]) => void) => {
    const read = importTemplate(text(change));
    return read.ok ? [] : read.problems.map(({ line, text: sentence }) => `${line}: ${sentence}`);
  };

  it("imports when nothing is wrong", () => {
    expect(importTemplate(text(() => {}))).toMatchObject({ ok: true, needs: [], warnings: [] });
  });

  it.each<[string, number, string, string]>([
    [
      "a connection to nowhere",
      14,
      "  - {from: call, to: nowhere}",
      "15: This connection leads to “nowhere”, which does not exist.",
    ],
    [
      "an unknown role",
      9,
      "  - {id: call, type: task, name: Call, role: boss}",
      "10: There is no role “boss” in this template.",
    ],
    [
      "a decision without a default",
      16,
      "  - {from: gw, to: call, when: 'lead.priority = \"cold\"', rework: true}",
      "11: “Reached” needs exactly one default, as the last of its connections.",
    ],
    [
      "a loop without rework",
      16,
      "  - {from: gw, to: call, default: true}",
      "14: The loop call → gw → call has no connection marked rework.",
    ],
    [
      "a field that is not there",
      15,
      "  - {from: gw, to: end, when: 'lead.prio = 1'}",
      "16: There is no field lead.prio.",
    ],
    [
      "a value that is not in the list",
      15,
      "  - {from: gw, to: end, when: 'lead.priority = \"boiling\"'}",
      "16: “boiling” is not a value of lead.priority.",
    ],
    [
      "FEEL that breaks off",
      15,
      "  - {from: gw, to: end, when: 'lead.priority in (\"hot\"'}",
      '16: The expression “lead.priority in ("hot"” cannot be read: “)” is missing before the end.',
    ],
    ["a step nothing leads to", 13, "  - {from: start, to: gw}", "10: Nothing"],
    [
      "an unknown key",
      9,
      "  - {id: call, type: task, name: Call, rol: sdr}",
      "10: There is no key “rol” here; did you mean “role”?",
    ],
    [
      "an unknown record type",
      4,
      "object: leads",
      "5: There is no record type “leads” in this workspace. Add it, or import the template for another one.",
    ],
  ])("%s", (what, line, replacement, sentence) => {
    const said = refusal((lines) => {
      lines[line] = replacement;
      if (what === "a step nothing leads to") lines[16] = "  - {from: gw, to: end, default: true}";
    });
    expect(said.join("\n")).toContain(sentence);
  });
});
