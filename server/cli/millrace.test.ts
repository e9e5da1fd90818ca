import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { millrace } from "./millrace.ts";
import { verbs } from "./verbs.ts";

const folder = mkdtempSync(path.join(tmpdir(), "millrace-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const shipped = path.join(process.cwd(), "server", "templates", "inbound_lead_to_meeting.yaml");

async function run(...words: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const code = await millrace(words, { say: (text) => said.push(text), complain: (text) => complained.push(text) });
  return { code, said: said.join("\n"), complained: complained.join("\n") };
}

describe("process check", () => {
  it("finds a shipped process sound, and says what could be better", async () => {
    const { code, said } = await run("process", "check", shipped, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(said)).toMatchObject({
      process: "inbound_lead_to_meeting",
      sound: true,
      counterexample: [],
      problems: [
        { severity: "warning", code: "NO_SLA", node: "fix_contact" },
        { code: "NO_SLA", node: "book" },
      ],
    });
  });

  it("names the line of what cannot be read", async () => {
    const broken = file("broken.yaml", readFileSync(shipped, "utf8").replace("record_type: lead", "recordtype: lead"));
    const { code, said, complained } = await run("process", "check", broken, "--json");
    expect([code, complained]).toEqual([1, `${broken} cannot be published: 2 errors.`]);
    expect(JSON.parse(said)).toEqual({
      process: null,
      sound: false,
      counterexample: [],
      standing: [],
      problems: [
        { severity: "error", code: "MISSING_KEY", line: 1, text: "“record_type” is missing." },
        {
          severity: "error",
          code: "UNKNOWN_KEY",
          line: 5,
          text: "There is no key “recordtype” here; did you mean “record_type”?",
        },
      ],
    });
  });

  it("finds a graph in which a run would get stuck", async () => {
    const stuck = file(
      "stuck.yaml",
      readFileSync(shipped, "utf8").replace(/ {2}- \{id: gw_mql_to_set_recycled.*\n/, ""),
    );
    const { code, said } = await run("process", "check", stuck);
    expect(code).toBe(1);
    expect(said).toContain("error NO_OTHERWISE gw_mql: “Worth a person now?” has no otherwise branch");
  });
});

describe("process check of a process that only looks right", () => {
  const lines = [
    "schema: millrace-process/1",
    "key: tiny",
    "name: Tiny",
    "record_type: lead",
    "roles: {sdr: {name: Rep}}",
    "nodes:",
    "  - {id: start, kind: start, name: Came in}",
    "  - {id: which, kind: decision, name: Which way}",
    "  - {id: call, kind: task, name: Call, role: sdr}",
    "  - {id: mail, kind: task, name: Mail, role: sdr}",
    "  - {id: both, kind: join, name: Both done}",
    "  - {id: end, kind: end, name: Done}",
    "edges:",
    "  - {id: e1, from: start, to: which}",
    "  - {id: e2, from: which, to: call, when: 'lead.priority = \"hot\"'}",
    "  - {id: e3, from: which, to: mail, otherwise: true}",
    "  - {id: e4, from: call, to: both}",
    "  - {id: e5, from: mail, to: both}",
    "  - {id: e6, from: both, to: end}",
  ];

  it("plays the run that gets stuck: one branch is taken, the join waits for two", async () => {
    const stuck = file("deadlock.yaml", lines.join("\n"));
    const { code, said } = await run("process", "check", stuck, "--json");
    const { sound, counterexample, standing, problems } = JSON.parse(said);
    expect([code, sound]).toEqual([1, false]);
    expect(counterexample).toEqual([
      { node: "start", edges: ["e1"] },
      { node: "which", edges: ["e2"] },
      { node: "call", edges: ["e4"] },
    ]);
    expect(standing).toEqual([{ node: "both", edge: "e4" }]);
    expect(problems[0]).toMatchObject({ severity: "error", code: "DEADLOCK", node: "both" });
    expect((await run("process", "check", stuck)).said).toContain("A run like this cannot finish: start → which → ");
  });

  it("sees a field that leads do not have", async () => {
    const wrong = file("field.yaml", lines.join("\n").replace("lead.priority", "lead.prio"));
    const { problems } = JSON.parse((await run("process", "check", wrong, "--json")).said);
    expect(problems).toContainEqual(expect.objectContaining({ code: "BAD_EXPRESSION", node: "which", edge: "e2" }));
  });
});

describe("process import and export", () => {
  it("writes what it read, and reads it again as the same", async () => {
    const out = path.join(folder, "out.yaml");
    const { code, said } = await run("process", "import", shipped, "--out", out);
    expect(code).toBe(0);
    expect(said).toContain(
      `Inbound lead to meeting: 31 nodes, written to ${out}.\nneeds intent at validate: set lead.email_status from verification`,
    );
    expect(readFileSync(out, "utf8")).toBe(readFileSync(shipped, "utf8"));
    const copy = path.join(folder, "copy.yaml");
    expect(await run("process", "export", out, "--out", copy)).toEqual({
      code: 0,
      said: `Inbound lead to meeting: written to ${copy}.`,
      complained: "",
    });
    expect(readFileSync(copy, "utf8")).toBe(readFileSync(shipped, "utf8"));
    const json = await run("process", "export", out, "--json");
    expect((await run("process", "export", file("again.json", json.said))).said).toBe(
      readFileSync(shipped, "utf8").trimEnd(),
    );
  });

  it("refuses a broken expression unless asked to keep it, and leaves no file behind", async () => {
    const broken = file(
      "feel.yaml",
      readFileSync(shipped, "utf8").replace("run.attempt_count >= 6", "run.attempt_count >="),
    );
    const out = path.join(folder, "kept.yaml");
    const refused = await run("process", "import", broken, "--out", out);
    expect(refused).toMatchObject({ code: 1, said: "" });
    expect(refused.complained).toMatch(
      /feel\.yaml was not imported\. Line \d+, column \d+: The expression “run\.attempt_count >=” cannot be read: /,
    );
    expect(() => readFileSync(out)).toThrow();
    expect(await run("process", "import", broken, "--out", out, "--keep-errors")).toMatchObject({ code: 0 });
    expect(readFileSync(out, "utf8")).toContain("run.attempt_count >=");
  });

  it("says why a file cannot be read or written", async () => {
    expect(await run("process", "import", path.join(folder, "absent.yaml"))).toMatchObject({
      code: 1,
      complained: `${path.join(folder, "absent.yaml")} does not exist. Nothing was read.`,
    });
    expect((await run("process", "check", folder)).complained).toBe(
      `${folder} is a folder, not a file. Nothing was read.`,
    );
    const nowhere = path.join(folder, "no", "such", "folder.yaml");
    expect((await run("process", "import", shipped, "--out", nowhere)).complained).toBe(
      `${nowhere} could not be written (ENOENT). Nothing was changed.`,
    );
  });
});

describe("the command line", () => {
  it("lists every command, and tells how each is written", async () => {
    const { code, said } = await run("--help");
    expect(code).toBe(0);
    for (const name of Object.keys(verbs)) {
      expect(said).toContain(name);
      expect((await run(...name.split(" "), "--help")).said).toContain(`millrace ${name}`);
    }
  });

  it.each([
    [["proces", "check"], "There is no command “proces check”. Run millrace --help for the list."],
    [["process", "check"], "Something is missing. Write: millrace process check FILE [--json]"],
    [["process", "check", "a", "b"], "“b” is one too many. Write: millrace process check FILE [--json]"],
    [
      ["process", "import", "a", "--out"],
      "--out needs a value. Write: millrace process import FILE [--out FILE] [--keep-errors] [--json]",
    ],
    [
      ["process", "export", "a", "--fast"],
      "There is no --fast here. Write: millrace process export FILE [--out FILE] [--json]",
    ],
  ])("does not guess: %j", async (words, sentence) => {
    expect(await run(...words)).toEqual({ code: 2, said: "", complained: sentence });
  });

  it("runs as a program, from the sources or as built", () => {
    const done = spawnSync(
      process.execPath,
      [path.join(process.cwd(), "server", "cli", "millrace.mjs"), "process", "check", shipped],
      { cwd: folder, encoding: "utf8" },
    );
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toContain(`${shipped} is sound: every run can finish.`);
  });
});
