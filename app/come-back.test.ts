import { describe, expect, it } from "vitest";
import { ownPath, signInFor } from "./come-back.ts";

describe("whoever has to sign in first", () => {
  it.each([
    ["/decide/run_1.w2", "/decide/run_1.w2"],
    ["/reports/p?from=2026-01-01&team=a", "/reports/p?from=2026-01-01&team=a"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["/a\\b", "/"],
    ["https://evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/sign-in?next=/sign-in", "/"],
    [" /inbox", "/"],
    ["", "/"],
    [undefined, "/"],
  ])("%s leads to %s", (next, path) => {
    expect(ownPath(next)).toBe(path);
  });

  it("comes back to the page they were going to", () => {
    expect(signInFor("/decide/run_1.w2", false)).toBe("/sign-in?next=%2Fdecide%2Frun_1.w2");
    expect(signInFor("/inbox?task=run_1.w2", true)).toBe("/sign-in?expired=1&next=%2Finbox%3Ftask%3Drun_1.w2");
    expect(signInFor("/", true)).toBe("/sign-in?expired=1");
    expect(signInFor(null, false)).toBe("/sign-in");
  });
});
