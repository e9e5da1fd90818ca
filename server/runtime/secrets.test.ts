import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSecrets } from "./secrets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "millrace-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = () => path.join(folder, "secrets.json");

it("are made once, with 256 bits, for this user only", () => {
  const made = openSecrets(folder);
  expect(Buffer.from(made.session, "base64url")).toHaveLength(32);
  expect(openSecrets(folder)).toEqual(made);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

it("are shut again when somebody opened the file", () => {
  openSecrets(folder);
  chmodSync(file(), 0o644);
  openSecrets(folder);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

it.each(["", "{", '{"session":"short"}', "[]"])("are never made anew over a damaged file: %j", (text) => {
  writeFileSync(file(), text);
  expect(() => openSecrets(folder)).toThrow(/cannot be read\. Nothing was changed/);
  expect(readFileSync(file(), "utf8")).toBe(text);
});
