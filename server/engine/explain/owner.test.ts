/** Why a record went to whom it went. */
import { describe, expect, it } from "vitest";
import { beginWay as begin, drawn, end, task } from "@/tests/support/told-way.ts";
import { whyOwner } from "./owner.ts";

const hour = 3_600_000;

describe("why a record has its owner", () => {
  const document = drawn(
    [
      { id: "which", kind: "decision", name: "which" },
      {
        id: "route",
        kind: "automation",
        name: "route",
        decisionTables: ["level"],
        actions: [{ verb: "assign", role: "ae" }],
      },
      task("call"),
      end("done"),
    ],
    'start>which which>route?lead.country~=~"VN" which>done* route>call call>done',
    {
      decisionTables: {
        level: {
          hitPolicy: "first",
          inputs: ["lead.country"],
          outputs: ["run.n"],
          rules: [
            { when: ['"VN"'], then: [2] },
            { when: ["-"], then: [3] },
          ],
        },
      },
    },
  );

  it("a step gave it, after a table and by a branch", async () => {
    const { bench, lead, runId } = await begin(document, { owner_id: null, country: "VN" });
    expect(whyOwner(bench.storyOf(runId), lead)).toMatchInlineSnapshot(`
      {
        "at": 1772416800000,
        "branch": {
          "node": "which",
          "seen": {
            "edge": "which_route",
            "inputs": {
              "lead.country": "VN",
            },
            "result": true,
            "text": "lead.country = "VN"",
          },
          "seq": 6,
        },
        "by": {
          "id": "linh",
          "kind": "member",
        },
        "from": null,
        "pick": {
          "chosen": "lan",
          "next": "tom",
          "pool": [
            {
              "available": true,
              "member": "lan",
              "open": 0,
            },
            {
              "available": true,
              "member": "tom",
              "open": 0,
            },
          ],
          "queue": null,
          "role": "ae",
          "rule": "least_loaded",
          "seq": 10,
        },
        "seq": 11,
        "step": {
          "node": "route",
          "run": "run_2",
          "seq": 7,
        },
        "tables": [
          {
            "inputs": {
              "lead.country": "VN",
            },
            "outputs": {
              "run.n": 2,
            },
            "rules": [
              0,
            ],
            "seq": 8,
            "table": "level",
          },
        ],
        "to": "lan",
      }
    `);
  });

  it("a person gave it, or nobody has it", async () => {
    const { bench, lead, runId } = await begin(document, { owner_id: null, country: "US" });
    expect(whyOwner(bench.storyOf(runId), lead)).toBeNull();
    await bench.advance(hour);
    await bench.change(lead, { owner_id: "tom" });
    await bench.change(lead, { country: "SG" });
    expect(whyOwner(bench.storyOf(runId), lead)).toMatchInlineSnapshot(`
      {
        "at": 1772420400000,
        "branch": null,
        "by": {
          "id": "linh",
          "kind": "member",
        },
        "from": null,
        "pick": null,
        "seq": 10,
        "step": null,
        "tables": [],
        "to": "tom",
      }
    `);
    expect(whyOwner(bench.storyOf(runId), "lead_99")).toBeNull();
    const made = await bench.record("lead", { last_name: "An", email: "an@sen.com", owner_id: "tom" });
    expect(whyOwner(bench.storyOf(runId), made)).toMatchObject({
      to: "tom",
      from: null,
      step: null,
      pick: null,
      branch: null,
      tables: [],
    });
  });
});
