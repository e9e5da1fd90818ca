/** The signs and words that stand between two values. */
import type { Token } from "./lex.ts";

export const comparisons = ["=", "!=", "<", "<=", ">", ">="] as const;
export type Comparison = (typeof comparisons)[number];

/** After these a value has to come. */
const operatorSigns = new Set<string>([...comparisons, "+", "-", "*", "/", "**", ".."]);
const operatorWords = new Set(["and", "or", "between", "in"]);
export const isOperator = ({ kind, text }: Token) =>
  (kind === "punctuation" && operatorSigns.has(text)) || (kind === "name" && operatorWords.has(text));
/** As other languages write what is written otherwise here. */
export const meant = new Map([
  ["==", "="],
  ["=<", "<="],
  ["=>", ">="],
  ["<>", "!="],
]);
