import { expect, it } from "vitest";
import { partsOfText } from "./text.ts";

it.each([
  ["Plain words", [{ text: "Plain words" }]],
  ["Deal {opportunity.name} is won", [{ text: "Deal " }, { feel: "opportunity.name" }, { text: " is won" }]],
  ["/v1/{ lead.id }", [{ text: "/v1/" }, { feel: "lead.id" }]],
  ["{a}{b}", [{ feel: "a" }, { feel: "b" }]],
  ['{if a then "}" else "{"}', [{ feel: 'if a then "}" else "{"' }]],
  ['{"say \\"}\\""}', [{ feel: '"say \\"}\\""' }]],
  ["{{a}} and {b}", [{ text: "{a} and " }, { feel: "b" }]],
  ['{get value({a: 1}, "a")}', [{ feel: 'get value({a: 1}, "a")' }]],
  ["left {open", [{ text: "left {open" }]],
  ["", []],
])("%s", (source, parts) => {
  expect(partsOfText(source)).toEqual(parts);
});
