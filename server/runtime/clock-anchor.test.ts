/** What the uptime of the machine tells of the time after a restart of the server. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { expectedTime, keepAnchor, thisUptime } from "./clock-anchor.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "millrace-anchor-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const noon = Date.UTC(2026, 2, 2, 12);

it("is the time that was kept and what has passed since, as long as the machine stays up", () => {
  keepAnchor(folder, { boot: "monday", up: 60_000 }, noon);
  expect(expectedTime(folder, { boot: "monday", up: 90_000 })).toBe(noon + 30_000);
  expect(expectedTime(folder, { boot: "tuesday", up: 90_000 })).toBeNull();
  expect(expectedTime(folder, { boot: "monday", up: 10_000 })).toBeNull();
  expect(expectedTime(folder, null)).toBeNull();
});

it("is unknown at the first start and where the file is damaged", () => {
  const now = { boot: "monday", up: 1 };
  expect(expectedTime(folder, now)).toBeNull();
  keepAnchor(folder, null, noon);
  expect(expectedTime(folder, now)).toBeNull();
  for (const text of ["", "{", "[]", '{"boot":"monday","up":"much","time":1}']) {
    writeFileSync(path.join(folder, "clock.json"), text);
    expect(expectedTime(folder, now)).toBeNull();
  }
  keepAnchor(path.join(folder, "absent"), now, noon);
});

it("comes from this machine where it says which start of it this is", () => {
  const now = thisUptime();
  if (now) expect(now.up).toBeGreaterThan(0);
});
