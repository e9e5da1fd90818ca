import { describe, expect, it } from "vitest";
import { processSchema } from "@/server/engine/process.ts";
import { ageingOf } from "./ageing.ts";

const drawing = processSchema.parse({
  key: "care",
  name: "Care",
  recordType: "account",
  nodes: [
    { id: "start", kind: "start", name: "Start", position: { x: 0, y: 0 } },
    { id: "sign", kind: "approval", name: "Sign", position: { x: 600, y: 0 } },
    { id: "mail", kind: "automation", name: "Mail", position: { x: 450, y: 0 } },
    { id: "call", kind: "task", name: "Call", position: { x: 150, y: 0 } },
  ],
  edges: [],
});
const stays = (node: string, ...days: number[]) => days.map((of) => ({ node, days: of }));
/** 1 to 20 days. */
const twenty = stays("call", ...Array.from({ length: 20 }, (_, i) => 20 - i));

describe("ageing of what is open", () => {
  it("stands beside the percentiles of what was finished, type 7, in the order of the drawing", () => {
    const { steps } = ageingOf(stays("call", 18), [...twenty, ...stays("sign", 1, 2, 3, 4)], drawing);
    expect(steps).toEqual([
      { node: "call", open: 1, n: 20, p50: 10.5, p85: 17.15, p95: 19.05, old: 1 },
      { node: "sign", open: 0, n: 4, p50: null, p85: null, p95: null, old: 0 },
    ]);
  });

  it("pace is the share of the finished that took less time; under five there is none", () => {
    const open = [...stays("call", 0.5, 10, 40), ...stays("sign", 3)];
    expect(ageingOf(open, [...twenty, ...stays("sign", 1)], drawing).stays).toEqual([
      { node: "call", days: 40, pace: 1 },
      { node: "call", days: 10, pace: 0.45 },
      { node: "call", days: 0.5, pace: 0 },
      { node: "sign", days: 3, pace: null },
    ]);
  });

  it("neither starts nor mails that went at once have a column; a mail that waits and a step that is no longer drawn have", () => {
    const finished = ["start", "mail", "gone", "call"].flatMap((node) => stays(node, 0, 0));
    const columns = (open: { node: string; days: number }[]) =>
      ageingOf(open, finished, drawing).steps.map(({ node }) => node);
    expect(columns([])).toEqual(["call"]);
    expect(columns([...stays("mail", 1), ...stays("gone", 9), ...stays("start", 0)])).toEqual(["call", "mail", "gone"]);
  });

  it("the finding is the step with the most that is older than 85 % of the finished", () => {
    const five = stays("sign", 1, 1, 1, 1, 2);
    const finding = (...open: { node: string; days: number }[]) =>
      ageingOf(open, [...twenty, ...five], drawing).finding;
    expect(finding(...stays("call", 18, 2), ...stays("sign", 3, 4, 1))).toEqual({ node: "sign", old: 2, open: 3 });
    expect(finding(...stays("call", 2, 3))).toEqual({ node: null, open: 2 });
    expect(finding()).toBeNull();
  });
});
