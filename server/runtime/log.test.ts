import { expect, it } from "vitest";
import { type LogFields, openLog } from "./log.ts";

it("the log keeps the fields on its list and drops the rest, parameters of a query too", () => {
  const lines: string[] = [];
  const log = openLog("info", (line) => lines.push(line));
  const error = Object.assign(new Error("Failed query: select 1\nparams: dana@acme.test"), {
    code: "23505",
    detail: "Key (email)=(dana@acme.test)",
  });
  const fields: LogFields & Record<string, unknown> = {
    id: "err_1",
    error,
    password: "hunter2",
    email: "dana@acme.test",
  };
  log.error("it failed", fields);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    msg: "it failed",
    id: "err_1",
    error: { name: "Error", code: "23505", message: "Failed query: select 1" },
  });
  expect(lines[0]).not.toMatch(/hunter2|dana@/);
});
