import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLogCsv } from "../csv/read-log-csv.ts";
import { type EventLog, type LogEvent, type LogReading, lifecycles } from "../log.ts";
import { type XesOptions, readXes } from "./read-xes.ts";
import { writeXes } from "./write-xes.ts";

const logs = path.join(process.cwd(), "..", "shared", "data", "event-logs");

describe.runIf(existsSync(logs))("real logs", () => {
  it("the bank's log is the same from the table and from XES", async () => {
    const table = await readLogCsv(readFileSync(path.join(logs, "bpic2012-early.csv.gz")));
    const xes = await readXes(readFileSync(path.join(logs, "bpic2012-early.xes.gz")));
    if (!table.ok || !xes.ok) throw new Error("not read");
    expect([table.rows, xes.rows, xes.log.cases.size]).toEqual([77_586, 77_586, 3760]);
    expect(countLifecycles(xes.log)).toEqual({ complete: 48_705, start: 21_161, schedule: 7720 });
    expect(xes.log.events).toEqual(table.log.events);
    expect(xes.log.cases).toEqual(table.log.cases);
    expect([table.problems, xes.problems, table.notices, xes.notices]).toEqual([[], [], [], []]);
  });

  it("the textbook log has the same events from both, with its offset turned to UTC", async () => {
    const table = await readLogCsv(readFileSync(path.join(logs, "running-example.csv")));
    const xes = await readXes(readFileSync(path.join(logs, "running-example.xes")));
    if (!table.ok || !xes.ok) throw new Error("not read");
    const core = ({ log }: LogReading) => log.events.map(({ attributes: _attributes, ...event }) => event);
    expect(core(xes)).toEqual(core(table));
    expect(xes.log.events[0]).toMatchObject({
      caseId: "3",
      activity: "register request",
      at: Date.UTC(2010, 11, 30, 13, 32),
      resource: "Pete",
    });
  });
});

describe("elements of XES", () => {
  it("reads typed, nested and listed attributes of events and cases", async () => {
    const { log } = await read(`<log><string key="creator" value="us"/>
      <trace><string key="concept:name" value="A-1"/><int key="amount" value="20000"/><boolean key="vip" value="true"/>
        <event><string key="concept:name" value="call"/><date key="time:timestamp" value="2026-03-29T01:30:00.250+01:00"/>
          <float key="score" value="0.5"/><int key="big" value="12345678901234567890"/>
          <string key="note" value="a &amp; b &#10;c"><string key="lang" value="en"/></string>
          <list key="tags"><values><string key="first" value="x"/></values></list>
          <string key="lifecycle:transition" value="START"/><string key="org:resource" value="Ann"/>
        </event></trace></log>`);
    expect(Object.fromEntries(log.cases)).toEqual({ "A-1": { amount: 20000, vip: true } });
    expect(log.events).toEqual([
      {
        caseId: "A-1",
        activity: "call",
        at: Date.UTC(2026, 2, 29, 0, 30, 0, 250),
        lifecycle: "start",
        resource: "Ann",
        attributes: {
          score: 0.5,
          big: "12345678901234567890",
          note: "a & b \nc",
          "note.lang": "en",
          "tags.first": "x",
        },
      },
    ]);
  });

  it("takes the classifier where events have no name, or the attributes a person chose", async () => {
    const text = `<log><classifier name="c" keys="'the step' kind"/><trace><string key="concept:name" value="1"/><event><string key="the step" value="call"/><string key="kind" value="out"/>${time}</event></trace></log>`;
    expect((await read(text)).log.events[0]?.activity).toBe("call+out");
    expect((await read(text, { activity: ["kind"] })).log.events[0]?.activity).toBe("out");
  });

  it("keeps a namespace prefix, a byte order mark and other encodings out of the way", async () => {
    const body = (encoding: string) =>
      `<?xml version="1.0" encoding="${encoding}"?><x:log xmlns:x="http://www.xes-standard.org/"><x:trace><x:string key="concept:name" value="Zoë"/><x:event><x:string key="concept:name" value="a"/><x:date key="time:timestamp" value="2026-01-01T00:00:00Z"/></x:event></x:trace></x:log>`;
    for (const bytes of [
      Buffer.from(`\ufeff${body("UTF-8")}`),
      Buffer.from(body("ISO-8859-1"), "latin1"),
      Buffer.from(`\ufeff${body("UTF-16")}`, "utf16le"),
    ]) {
      const reading = await readXes(new Uint8Array(bytes));
      expect(reading.ok && [...reading.log.cases.keys()]).toEqual(["Zoë"]);
    }
  });

  it("leaves out events without name or readable time, and says in which line", async () => {
    const reading = await read(`<log>
<trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="a"/>${time}</event>
<event><string key="concept:name" value="b"/></event>
<event><string key="concept:name" value="c"/><date key="time:timestamp" value="2026-02-30T00:00:00Z"/></event>
<event>${time}</event>
</trace>
<event><string key="concept:name" value="d"/>${time}</event>
</log>`);
    expect([reading.rows, reading.log.events.length]).toEqual([5, 1]);
    expect(reading.problems.map(({ code, row }) => [code, row])).toEqual([
      ["time_missing", 4],
      ["time_unreadable", 5],
      ["activity_missing", 6],
      ["case_missing", 8],
    ]);
  });

  it("takes traces of one name as one case, and says so", async () => {
    const trace = `<trace><string key="concept:name" value="1"/><event><string key="concept:name" value="a"/>${time}</event></trace>`;
    const reading = await read(`<log>${trace}${trace}</log>`);
    expect([reading.log.cases.size, reading.log.events.length, reading.notices.map(({ code }) => code)]).toEqual([
      1,
      2,
      ["case_repeated"],
    ]);
  });
});

describe("hostile and broken files", () => {
  const nested = (depth: number) => `<log>${"<a>".repeat(depth)}${"</a>".repeat(depth)}</log>`;
  it.each([
    ["a DOCTYPE", '<!DOCTYPE log [<!ENTITY a "aaaa">]><log/>', "doctype"],
    ["an entity nobody declared", '<log><string key="&a;" value=""/></log>', "not_xml"],
    ["too deep", nested(200), "xml_depth"],
    ["too many attributes", `<log ${Array.from({ length: 70 }, (_, i) => `a${i}="1"`).join(" ")}/>`, "xml_attributes"],
    ["too long a name", `<log><${"n".repeat(300)}/></log>`, "xml_name"],
    ["an attribute without end", `<log><string key="${"x".repeat(1_500_000)}`, "xml_piece"],
    ["cut off", "<log><trace><event>", "not_xml"],
    ["tags that do not match", "<log><trace></log>", "not_xml"],
    ["something else in XML", "<definitions/>", "not_xes"],
    ["no XML", "case,activity\n1,a\n", "not_xml"],
    ["nothing", "", "empty_file"],
    ["a log without events", "<log><trace/></log>", "no_events"],
    ["an encoding we do not read", '<?xml version="1.0" encoding="EBCDIC-37"?><log/>', "encoding"],
  ])("are refused: %s", async (_, text, code) => {
    const reading = await readXes(new TextEncoder().encode(text));
    expect(reading.ok ? "read" : reading.problem.code).toBe(code);
  });

  it("are refused with the line and nothing kept", async () => {
    const reading = await readXes(new TextEncoder().encode("<log>\n<trace>\n<event></trace></log>"));
    expect(!reading.ok && [reading.problem.row, reading.problem.text]).toEqual([
      3,
      expect.stringMatching(/^Line 3: The XML is not well formed .*Nothing was imported\.$/),
    ]);
  });

  it("are refused when the bytes are not the encoding's, when a bomb unpacks, or past a million events", async () => {
    const bad = Buffer.concat([Buffer.from("<log>\n\n"), Buffer.from([0xff]), Buffer.from("</log>")]);
    const bomb = gzipSync(`<log>${"<a></a>".repeat(3_000_000)}</log>`);
    const events = Buffer.from(`<log><trace>${"<event/>".repeat(20)}</trace></log>`);
    const codes = await Promise.all([
      codeOf(new Uint8Array(bad)),
      codeOf(new Uint8Array(bomb)),
      codeOf(new Uint8Array(events), { limits: { rows: 10 } }),
    ]);
    expect(codes).toEqual(["damaged_text", "packed_too_tightly", "too_many_rows"]);
  });
});

describe("writing", () => {
  it("gives back what was written, whatever the texts", async () => {
    const word = fc
      .string({ unit: fc.constantFrom("a", "é", "<", "&", '"', "'", " ", "\n", "🚚"), minLength: 1, maxLength: 6 })
      .filter((text) => text.trim() === text);
    const event = fc.record({
      caseId: word,
      activity: word,
      at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
      lifecycle: fc.constantFrom(...lifecycles),
      resource: word,
      attributes: fc
        .dictionary(
          word.map((text) => `x:${text}`),
          fc.oneof(word, fc.integer(), fc.boolean()),
        )
        .map((all) => ({ ...all })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 6 }), async (events: LogEvent[]) => {
        const log: EventLog = { events, cases: new Map(events.map(({ caseId }) => [caseId, {}])) };
        const back = await read([...writeXes(log)].join(""));
        const together = [...new Set(events.map(({ caseId }) => caseId))].flatMap((id) =>
          events.filter(({ caseId }) => caseId === id),
        );
        expect(back.log.events).toEqual(together);
      }),
    );
  });

  it("writes a step with start and end as schedule, start and complete", async () => {
    const event: LogEvent = {
      caseId: "1",
      activity: "a",
      enabledAt: 1,
      startAt: 2,
      at: 3,
      resource: "Ann",
      attributes: { cost: 1.5 },
    };
    const back = await read([...writeXes({ events: [event], cases: new Map() })].join(""));
    expect(back.log.events.map(({ lifecycle, at, attributes }) => [lifecycle, at, attributes])).toEqual([
      ["schedule", 1, {}],
      ["start", 2, {}],
      ["complete", 3, { cost: 1.5 }],
    ]);
  });
});

const time = '<date key="time:timestamp" value="2026-01-01T00:00:00Z"/>';

async function read(text: string, options: XesOptions = {}): Promise<LogReading> {
  const reading = await readXes(new TextEncoder().encode(text), options);
  if (!reading.ok) throw new Error(reading.problem.text);
  return reading;
}

async function codeOf(bytes: Uint8Array, options: XesOptions = {}): Promise<string> {
  const reading = await readXes(bytes, options);
  return reading.ok ? "read" : reading.problem.code;
}

function countLifecycles(log: EventLog): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { lifecycle = "none" } of log.events) counts[lifecycle] = (counts[lifecycle] ?? 0) + 1;
  return counts;
}
