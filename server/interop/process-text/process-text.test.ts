import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Process, processSchema } from "@/server/engine/process.ts";
import { problemLine } from "./file-problem.ts";
import { randomProcess } from "./random-process.ts";
import { readProcess } from "./read.ts";
import { writeProcess, writeProcessJson } from "./write.ts";

const small = processSchema.parse({
  key: "follow_up",
  name: "Follow up",
  recordType: "lead",
  roles: { sdr: { name: "Sales rep" } },
  variables: { try_count: { type: "integer", default: 0 } },
  forms: { log: { title: "Log it", fields: [{ field: "lead.phone", requiredWhen: 'lead.email = ""' }] } },
  nodes: [
    {
      id: "start",
      kind: "start",
      name: "Lead came in",
      config: { trigger: "record_created", when: 'lead.source = "inbound"' },
    },
    {
      id: "call",
      kind: "approval",
      name: "Call",
      role: "sdr",
      form: "log",
      playbook: "Call first.\nThen write.\n",
      config: { selfApproval: "allow", exits: "done" },
      onComplete: [{ verb: "create", type: "account", with: { someField: "lead.company_name" } }],
    },
    { id: "end", kind: "end", name: "Done", config: { outcome: "success" } },
  ],
  edges: [
    { id: "a", from: "start", to: "call" },
    { id: "b", from: "call", to: "end", label: "Done, at last" },
  ],
});

const smallText = `schema: millrace-process/1
key: follow_up
name: Follow up
record_type: lead
run_policy: one_active_per_record
roles:
  sdr: {name: Sales rep}
variables:
  try_count: {type: integer, default: 0}
forms:
  log: {title: Log it, fields: [{field: lead.phone, required_when: lead.email = ""}]}
nodes:
  - {id: start, kind: start, name: Lead came in, config: {trigger: record_created, when: lead.source = "inbound"}}
  - id: call
    kind: approval
    name: Call
    config: {self_approval: allow, exits: done}
    role: sdr
    form: log
    playbook: |
      Call first.
      Then write.
    on_complete: [{verb: create, type: account, with: {someField: lead.company_name}}]
  - {id: end, kind: end, name: Done, config: {outcome: success}}
edges:
  - {id: a, from: start, to: call}
  - {id: b, from: call, to: end, label: "Done, at last"}
`;

describe("a process as text", () => {
  it("is written with one line for what is small, keys in snake case, people's own names untouched", () => {
    expect(writeProcess(small)).toBe(smallText);
  });

  it("is read back as it was", () => {
    expect(readProcess(smallText)).toEqual({ ok: true, process: small, problems: [] });
    expect(readProcess(writeProcessJson(small))).toEqual({ ok: true, process: small, problems: [] });
  });

  it("is read from bytes, with a byte order mark, with tabs as other programs write JSON", () => {
    expect(readProcess(Buffer.from(`\ufeff${smallText}`))).toMatchObject({ ok: true });
    expect(readProcess(JSON.stringify(JSON.parse(writeProcessJson(small)), null, "\t"))).toMatchObject({
      ok: true,
      process: small,
    });
  });

  it("comes back the same for any process, and its text is always the same", () => {
    fc.assert(
      fc.property(randomProcess, (process) => {
        const written = writeProcess(process);
        const read = readProcess(written);
        expect(read.ok ? read.process : read.problems).toEqual(process);
        expect(writeProcess(processOf(read))).toBe(written);
        const json = readProcess(writeProcessJson(process));
        expect(json.ok ? json.process : json.problems).toEqual(process);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a process file that cannot be used", () => {
  const wrong = (change: (text: string) => string) => {
    const read = readProcess(change(smallText));
    return { ok: read.ok, lines: read.problems.map(problemLine) };
  };
  const replaced = (from: string, to: string) => (text: string) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

  it.each<[what: string, change: (text: string) => string, line: string]>([
    [
      "an unknown key",
      replaced("record_type: lead", "record_type: lead\nidel_limit: P3D"),
      "Line 5, column 1: There is no key “idel_limit” here; did you mean “idle_limit”?",
    ],
    [
      "an unknown key of a node",
      replaced("    role: sdr", "    rolle: sdr"),
      "Line 18, column 5: There is no key “rolle” here; did you mean “role”?",
    ],
    [
      "a key of the document's own spelling",
      replaced("on_complete", "onComplete"),
      "Line 23, column 5: There is no key “onComplete” here; did you mean “on_complete”?",
    ],
    ["a missing key", replaced("record_type: lead\n", ""), "Line 1, column 1: “record_type” is missing."],
    [
      "a wrong kind",
      replaced("kind: approval", "kind: aproval"),
      "Line 15, column 11: “kind” should be one of start, task, approval, decision, parallel, inclusive, join, wait, automation, for_each, subprocess, end, not “aproval”; did you mean “approval”?",
    ],
    [
      "a wrong type",
      replaced("sdr: {name: Sales rep}", "sdr: Sales rep"),
      "Line 7, column 8: “sdr” should be a group of keys, not “Sales rep”.",
    ],
    [
      "an unknown action",
      replaced("verb: create", "verb: creat"),
      "Line 23, column 26: There is no verb “creat”; did you mean “create”?",
    ],
    [
      "an id that is no id",
      replaced("id: end, kind", "id: the-end, kind"),
      "Line 24, column 10: “id” “the-end” is not written right: letters, digits and _ only, starting with a letter, at most 64.",
    ],
    [
      "two nodes of one id",
      replaced("id: end, kind", "id: call, kind"),
      "Line 24, column 10: Two nodes have the id “call”. Give one of them another.",
    ],
    [
      "two connections of one id",
      replaced("id: b,", "id: a,"),
      "Line 27, column 10: Two connections have the id “a”. Give one of them another.",
    ],
    [
      "a connection to nowhere",
      replaced("to: end", "to: ende"),
      "Line 27, column 29: This connection leads to “ende”, which does not exist; did you mean “end”?",
    ],
    [
      "a key given twice",
      replaced("key: follow_up", "key: follow_up\nkey: again"),
      "Line 3, column 1: This key stands here twice. Keep one of them.",
    ],
    [
      "YAML that breaks off",
      replaced("fields: [{field", "fields: [{{field"),
      "Line 11, column 85: The YAML cannot be read here:",
    ],
    [
      "an alias",
      replaced("role: sdr", "role: &who sdr"),
      "Line 18, column 16: Anchors and aliases are not read in process files. Write it out.",
    ],
    [
      "a tag",
      replaced("role: sdr", "role: !!js/function sdr"),
      "Line 18, column 11: A tag (a word after !) asks for a type that process files do not have. Leave it out.",
    ],
    ["a reserved name", replaced("try_count:", "__proto__:"), "Line 9, column 3: “__proto__” cannot be a name."],
    [
      "another program's file",
      () => "hello\n",
      "Line 1, column 1: This is not a process: it should begin with key, name and record_type. Nothing was read.",
    ],
    [
      "a later version",
      replaced("millrace-process/1", "millrace-process/9"),
      "Line 1, column 9: “schema” should be “millrace-process/1”, not “millrace-process/9”.",
    ],
    ["an empty file", () => "# nothing\n", "This file is empty. Nothing was read."],
    [
      "two documents",
      (text) => `${text}---\n${text}`,
      "This file holds several YAML documents. Nothing was read; put each process into a file of its own.",
    ],
    [
      "nesting without end",
      () => "[".repeat(20_000),
      "Things are nested more than 32 levels deep here. Nothing was read.",
    ],
    [
      "nesting by lines",
      () => "- ".repeat(20_000),
      "Things are nested more than 32 levels deep here. Nothing was read.",
    ],
    [
      "a file too large",
      (text) => `${text}# ${"x".repeat(5_000_000)}`,
      "This file is larger than 5 MB, more than any process needs. Nothing was read.",
    ],
  ])("%s: said in a sentence, with its place, and nothing is read", (_, change, line) => {
    const { ok, lines } = wrong(change);
    expect(ok).toBe(false);
    expect(lines.join("\n")).toContain(line);
  });

  it("bytes that are not UTF-8", () => {
    expect(readProcess(Uint8Array.from([0xff, 0xfe, 0x00, 0x41]))).toEqual({
      ok: false,
      problems: [
        {
          severity: "error",
          code: "FILE_NOT_TEXT",
          text: "This file is not text in UTF-8. Nothing was read; save it as UTF-8 and choose it again.",
        },
      ],
    });
  });
});

describe("a process file that can only be a draft", () => {
  it("says where an expression cannot be read, and keeps it as written", () => {
    const read = readProcess(smallText.replace('lead.source = "inbound"', 'lead.source = ("inbound"'));
    expect(processOf(read).nodes[0]!.config.when).toBe('lead.source = ("inbound"');
    expect(read.problems).toMatchObject([
      { severity: "error", code: "BAD_EXPRESSION", line: 13, path: "nodes/0/config/when" },
    ]);
    expect(read.problems[0]!.text).toContain('The expression “lead.source = ("inbound"” cannot be read');
  });

  it("says which setting a step does not take", () => {
    const read = readProcess(smallText.replace("self_approval: allow", "self_aproval: allow"));
    expect(read).toMatchObject({
      ok: true,
      problems: [
        { severity: "error", code: "BAD_SETTING", line: 17, text: "“Call”: There is no setting “self_aproval” here." },
      ],
    });
  });
});

function processOf(read: ReturnType<typeof readProcess>): Process {
  if (!read.ok) throw new Error(read.problems.map(problemLine).join("\n"));
  return read.process;
}
