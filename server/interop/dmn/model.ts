/** A DMN model as plain data: what a file says, before it is linked to its imports and compiled. DMN 1.1 to 1.5. */
import type { TableText } from "@/server/engine/tables/decision-table.ts";

export type DmnExpression =
  | { kind: "literal"; text: string; type: string; line: number }
  | { kind: "table"; table: DmnTable; type: string; line: number }
  | {
      kind: "context";
      entries: { name: string; type: string; value: DmnExpression | null }[];
      type: string;
      line: number;
    }
  | { kind: "relation"; columns: string[]; rows: DmnExpression[][]; type: string; line: number }
  | { kind: "list"; items: DmnExpression[]; type: string; line: number }
  | {
      kind: "invocation";
      callee: DmnExpression | null;
      bindings: { name: string; value: DmnExpression | null }[];
      type: string;
      line: number;
    }
  | {
      kind: "function";
      language: string;
      parameters: Parameter[];
      body: DmnExpression | null;
      type: string;
      line: number;
    }
  | {
      kind: "conditional";
      condition: DmnExpression | null;
      yes: DmnExpression | null;
      no: DmnExpression | null;
      type: string;
      line: number;
    }
  | { kind: "filter"; list: DmnExpression | null; match: DmnExpression | null; type: string; line: number }
  | {
      kind: "iterator";
      of: "for" | "some" | "every";
      variable: string;
      list: DmnExpression | null;
      body: DmnExpression | null;
      type: string;
      line: number;
    }
  | { kind: "unsupported"; what: string; type: string; line: number };

/** A decision table with what only DMN files say of it. `types`: of input expressions and of outputs; empty = any. */
export type DmnTable = TableText & {
  id: string;
  label: string;
  /** What its FEEL outputs are called: the names of the output columns (empty for a single one without a name). */
  inputTypes: string[];
  inputLabels: string[];
  outputTypes: string[];
  outputLabels: string[];
  notes: (string | null)[];
  description: string;
};

export type Parameter = { name: string; type: string };
/** What an element needs: `#id` in the same file, `namespace#id` in an imported one. */
export type Requirement = { kind: "input" | "decision" | "knowledge"; href: string };

export type Decision = {
  kind: "decision";
  id: string;
  name: string;
  type: string;
  requirements: Requirement[];
  expression: DmnExpression | null;
  line: number;
};
export type InputData = { kind: "input"; id: string; name: string; type: string; line: number };
export type Knowledge = {
  kind: "knowledge";
  id: string;
  name: string;
  type: string;
  requirements: Requirement[];
  logic: Extract<DmnExpression, { kind: "function" }> | null;
  line: number;
};
export type DecisionService = {
  kind: "service";
  id: string;
  name: string;
  type: string;
  outputDecisions: string[];
  encapsulatedDecisions: string[];
  inputDecisions: string[];
  inputData: string[];
  line: number;
};
export type DrgElement = Decision | InputData | Knowledge | DecisionService;

/** A named type: a base type or components, perhaps a list of it, perhaps only some values. */
export type ItemDefinition = {
  name: string;
  type: string;
  isCollection: boolean;
  /** Unary tests on each item. */
  allowed: string;
  /** Unary tests on the value as a whole. */
  constraint: string;
  components: ItemDefinition[];
  /** A function type's result and parameters. */
  result: { type: string; parameters: Parameter[] } | null;
};

export type DmnModel = {
  name: string;
  namespace: string;
  version: string;
  imports: { name: string; namespace: string; location: string }[];
  types: ItemDefinition[];
  elements: DrgElement[];
};
