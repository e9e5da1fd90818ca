import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { verb } from "@/server/cli/dmn-run.ts";
import { linkModel } from "./link.ts";
import { readDmn } from "./read-dmn.ts";
import { runModelCases } from "./run-cases.ts";

const folder = path.join(process.cwd(), "../shared/data/dmn");
const now = Date.UTC(2026, 0, 15, 12);

type Case = { id: string; model: string; expected: unknown; decision_table: boolean };
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => same(v, b[i]));
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  if ("$number" in x && "$number" in y)
    return Math.abs(Number(x.$number) - Number(y.$number)) <= 1e-8 * Math.max(1, Math.abs(Number(y.$number)));
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((k) => Object.hasOwn(y, k) && same(x[k], y[k]));
}

describe.runIf(existsSync(folder))("the models of the DMN test cases", () => {
  it("every case on a decision table passes, and all others that need no Java", async () => {
    const file = path.join(folder, "model_cases.shared.json");
    const cases = JSON.parse(readFileSync(file, "utf8")) as Case[];
    const given = { files: [file], flags: { models: path.join(folder, "models") }, switches: new Set<string>() };
    const { text = "" } = await verb.run(given, () => {});
    const answers = new Map(
      text.split("\n").map((line) => {
        const answer = JSON.parse(line) as { id: string; value: unknown };
        return [answer.id, answer.value];
      }),
    );
    const failed = cases.filter((c) => !same(answers.get(c.id), c.expected ?? null));
    expect(failed.filter((c) => c.decision_table)).toEqual([]);
    expect(failed.filter((c) => !c.model.startsWith("0076-feel-external-java")).map((c) => c.id)).toEqual([
      // The file writes the same duration with an empty month: P1Y0M.
      "0007-date-time/01/001/ymDuration2",
    ]);
  });
});

const definitions = (inner: string, namespace = "https://www.omg.org/spec/DMN/20191111/MODEL/") =>
  `<definitions xmlns="${namespace}" name="m" namespace="urn:m">${inner}</definitions>`;
async function ask(xml: string, ...cases: object[]) {
  const read = await readDmn(new TextEncoder().encode(xml));
  if (!read.ok) return read.problem.text;
  const model = linkModel(read.model, () => null);
  const result = await runModelCases(
    cases.map((c, i) => ({ id: String(i), model: "m", ...c })),
    () => Promise.resolve(model),
    now,
  );
  return result.ok
    ? result.answers.map(({ value, error }) => (error === null ? value : { value, error }))
    : result.text;
}
const number = (n: number) => ({ $number: String(n) });

describe("what a model may hold", () => {
  const shop = definitions(`
    <itemDefinition name="tPercent"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues></itemDefinition>
    <inputData id="i1" name="List Price"><variable name="List Price" typeRef="number"/></inputData>
    <inputData id="i2" name="Rebate"><variable name="Rebate" typeRef="tPercent"/></inputData>
    <inputData id="i3" name="Other"><variable name="Other" typeRef="string"/></inputData>
    <businessKnowledgeModel id="b1" name="Cut"><variable name="Cut" typeRef="number"/>
      <encapsulatedLogic><formalParameter name="price" typeRef="number"/><formalParameter name="percent" typeRef="tPercent"/>
        <literalExpression><text>price * (100 - percent) / 100</text></literalExpression></encapsulatedLogic>
    </businessKnowledgeModel>
    <decision id="d1" name="Net Price"><variable name="Net Price" typeRef="number"/>
      <informationRequirement><requiredInput href="#i1"/></informationRequirement>
      <informationRequirement><requiredInput href="#i2"/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href="#b1"/></knowledgeRequirement>
      <invocation><literalExpression><text>Cut</text></literalExpression>
        <binding><parameter name="percent"/><literalExpression><text>Rebate</text></literalExpression></binding>
        <binding><parameter name="price"/><literalExpression><text>List Price</text></literalExpression></binding>
      </invocation>
    </decision>
    <decision id="d2" name="Label"><variable name="Label" typeRef="string"/>
      <informationRequirement><requiredDecision href="#d1"/></informationRequirement>
      <literalExpression><text>if Net Price &gt; 50 then "dear" else "cheap"</text></literalExpression>
    </decision>
    <decision id="d3" name="Peeks"><variable name="Peeks"/><literalExpression><text>List Price</text></literalExpression></decision>
    <decision id="d4" name="Undecided"><variable name="Undecided"/></decision>
    <decisionService id="s1" name="Pricing"><variable name="Pricing"/>
      <outputDecision href="#d2"/><encapsulatedDecision href="#d1"/><inputData href="#i1"/><inputData href="#i2"/>
    </decisionService>
    <decisionService id="s2" name="Labelling"><variable name="Labelling"/>
      <outputDecision href="#d2"/><inputDecision href="#d1"/>
    </decisionService>
    <decision id="d5" name="Asks"><variable name="Asks"/>
      <knowledgeRequirement><requiredKnowledge href="#s1"/></knowledgeRequirement>
      <literalExpression><text>Pricing(200, 10)</text></literalExpression>
    </decision>`);
  const inputs = { "List Price": number(100), Rebate: number(60) };

  it("decisions read what they require, by name; what they do not require they do not see", async () => {
    expect(
      await ask(
        shop,
        { result_node: "Net Price", context: inputs },
        { result_node: "Label", context: inputs },
        { result_node: "Peeks", context: inputs },
        { result_node: "Undecided", context: {} },
        { result_node: "Asks", context: {} },
      ),
    ).toEqual([number(40), "cheap", { value: null, error: "There is no List Price." }, null, "dear"]);
  });
  it("an input outside its allowed values or of another type is empty, and the reason is said", async () => {
    expect(await ask(shop, { result_node: "Net Price", context: { ...inputs, Rebate: number(101) } })).toEqual([
      { value: null, error: "Rebate is not of the type tPercent." },
    ]);
    expect(await ask(shop, { result_node: "Net Price", context: { ...inputs, Rebate: "60" } })).toEqual([
      { value: null, error: "Rebate is not of the type tPercent." },
    ]);
  });
  it("decision services and knowledge models can be called", async () => {
    expect(
      await ask(
        shop,
        { result_node: "Pricing", kind: "decisionService", invocable: "Pricing", context: inputs },
        { result_node: "Label", kind: "decisionService", invocable: "Labelling", context: { "Net Price": number(99) } },
        { result_node: "Cut", kind: "bkm", invocable: "Cut", context: { price: number(10), percent: number(50) } },
        { result_node: "Nothing", context: {} },
      ),
    ).toEqual(["cheap", "dear", number(5), { value: null, error: "The model has nothing called Nothing." }]);
  });
  it("boxed lists, relations, contexts, filters, conditionals and iterations", async () => {
    const boxed = (inner: string) => definitions(`<decision id="d" name="d"><variable name="d"/>${inner}</decision>`);
    const text = (t: string) => `<literalExpression><text>${t}</text></literalExpression>`;
    const relation = `<relation><column name="k"/><column name="unit price"/><row>${text("1")}${text("10")}</row><row>${text("2")}${text("20")}</row></relation>`;
    const value = async (inner: string) => ((await ask(boxed(inner), { result_node: "d" })) as unknown[])[0];
    expect(await value(`<list>${text("1")}${text("1 + 1")}</list>`)).toEqual([number(1), number(2)]);
    expect(await value(`<filter><in>${relation}</in><match>${text("unit price &gt; 10")}</match></filter>`)).toEqual([
      { k: number(2), "unit price": number(20) },
    ]);
    expect(
      await value(
        `<context><contextEntry><variable name="a"/>${text("2")}</contextEntry><contextEntry>${text("a * 3")}</contextEntry></context>`,
      ),
    ).toEqual(number(6));
    expect(
      await value(
        `<conditional><if>${text("1 &gt; 2")}</if><then>${text("1")}</then><else>${text("2")}</else></conditional>`,
      ),
    ).toEqual(number(2));
    expect(
      await value(
        `<for iteratorVariable="x"><in>${text("[1..3]")}</in><return>${text("x + count(partial)")}</return></for>`,
      ),
    ).toEqual([number(1), number(3), number(5)]);
    expect(
      await value(
        `<some iteratorVariable="x"><in>${text("[1, 2]")}</in><satisfies>${text("x = 2")}</satisfies></some>`,
      ),
    ).toBe(true);
  });
});

describe("bad models", () => {
  it.each([
    ["no XML at all", "hello", "The XML is not well formed"],
    ["a DOCTYPE", `<!DOCTYPE x [<!ENTITY a "b">]>${definitions("")}`, "DOCTYPE"],
    ["something else in XML", "<html/>", "no DMN model"],
    ["a version nobody knows", definitions("", "urn:dmn-9"), "no DMN model"],
    ["nesting without end", definitions("<context>".repeat(200)), "nested more than 128 deep"],
  ])("%s is refused", async (_, xml, reason) => {
    expect(await ask(xml, { result_node: "x" })).toContain(reason);
  });
  it("decisions that require each other, and functions that call themselves, end", async () => {
    const loop = definitions(`
      <decision id="a" name="a"><variable name="a"/><informationRequirement><requiredDecision href="#b"/></informationRequirement>
        <literalExpression><text>b + 1</text></literalExpression></decision>
      <decision id="b" name="b"><variable name="b"/><informationRequirement><requiredDecision href="#a"/></informationRequirement>
        <literalExpression><text>a + 1</text></literalExpression></decision>
      <businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic><formalParameter name="n"/>
        <literalExpression><text>f(n + 1) + f(n + 2)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
      <decision id="c" name="c"><variable name="c"/><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
        <literalExpression><text>f(1)</text></literalExpression></decision>`);
    const answers = (await ask(loop, { result_node: "a" }, { result_node: "c" })) as { value: null }[];
    expect(answers.map(({ value }) => value)).toEqual([null, null]);
  });
});
