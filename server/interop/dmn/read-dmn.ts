import { type Problem } from "../problem.ts";
import type {
  DecisionService,
  DmnExpression,
  DmnModel,
  DrgElement,
  ItemDefinition,
  Parameter,
  Requirement,
} from "./model.ts";
import { readTable } from "./read-table.ts";
import { attribute, childNamed, childrenNamed, readXmlTree, textOfChild, typeOf, type XmlElement } from "./xml-tree.ts";

/** The model namespaces of DMN 1.1 to 1.5: what each version calls the same elements. */
const versions: ReadonlyMap<string, string> = new Map([
  ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", "1.1"],
  ["http://www.omg.org/spec/DMN/20180521/MODEL/", "1.2"],
  ["https://www.omg.org/spec/DMN/20191111/MODEL/", "1.3"],
  ["https://www.omg.org/spec/DMN/20211108/MODEL/", "1.4"],
  ["https://www.omg.org/spec/DMN/20230324/MODEL/", "1.5"],
  ["https://www.omg.org/spec/DMN/20240513/MODEL/", "1.6"],
]);

export type ReadModel = { ok: true; model: DmnModel } | { ok: false; problem: Problem };

/** A DMN file as a model; refused as a whole when it is not one. */
export async function readDmn(bytes: Uint8Array): Promise<ReadModel> {
  const read = await readXmlTree(bytes);
  if (!read.ok) return read;
  const { root } = read;
  const version = versions.get(root.namespace);
  if (root.name !== "definitions" || version === undefined)
    return {
      ok: false,
      problem: {
        code: "not_dmn",
        text: "The file is XML but no DMN model (it has no <definitions> of DMN 1.1 to 1.5). Nothing was imported.",
        row: root.line,
      },
    };
  return {
    ok: true,
    model: {
      name: attribute(root, "name"),
      namespace: attribute(root, "namespace"),
      version,
      imports: childrenNamed(root, "import").map((one) => ({
        name: attribute(one, "name"),
        namespace: attribute(one, "namespace"),
        location: attribute(one, "locationURI"),
      })),
      types: childrenNamed(root, "itemDefinition").map(itemDefinition),
      elements: root.children.flatMap((child) => drgElement(child) ?? []),
    },
  };
}

function itemDefinition(element: XmlElement): ItemDefinition {
  const item = childNamed(element, "functionItem");
  const constraint = childNamed(element, "typeConstraint");
  const allowed = childNamed(element, "allowedValues");
  return {
    name: attribute(element, "name").trim(),
    type: typeOf(element),
    isCollection: attribute(element, "isCollection") === "true",
    allowed: allowed ? textOfChild(allowed, "text") : "",
    constraint: constraint ? textOfChild(constraint, "text") : "",
    components: childrenNamed(element, "itemComponent").map(itemDefinition),
    result: item
      ? {
          type: attribute(item, "outputTypeRef").trim(),
          parameters: childrenNamed(item, "parameters").map(parameter),
        }
      : null,
  };
}

const parameter = (element: XmlElement): Parameter => ({
  name: attribute(element, "name").trim(),
  type: typeOf(element),
});

function drgElement(element: XmlElement): DrgElement | null {
  const variable = childNamed(element, "variable");
  const at = {
    id: attribute(element, "id"),
    name: ((variable && attribute(variable, "name")) || attribute(element, "name")).trim(),
    type: variable ? typeOf(variable) : "",
    line: element.line,
  };
  switch (element.name) {
    case "decision":
      return { kind: "decision", ...at, requirements: requirements(element), expression: expressionIn(element) };
    case "inputData":
      return { kind: "input", ...at };
    case "businessKnowledgeModel": {
      const logic = childNamed(element, "encapsulatedLogic");
      return {
        kind: "knowledge",
        ...at,
        requirements: requirements(element),
        logic: logic ? functionOf(logic) : null,
      };
    }
    case "decisionService":
      return service(element, at);
    default:
      return null;
  }
}

function service(element: XmlElement, at: Pick<DecisionService, "id" | "name" | "type" | "line">): DecisionService {
  const hrefs = (name: string) => childrenNamed(element, name).map((child) => attribute(child, "href"));
  return {
    kind: "service",
    ...at,
    outputDecisions: hrefs("outputDecision"),
    encapsulatedDecisions: hrefs("encapsulatedDecision"),
    inputDecisions: hrefs("inputDecision"),
    inputData: hrefs("inputData"),
  };
}

const required = { requiredInput: "input", requiredDecision: "decision", requiredKnowledge: "knowledge" } as const;
const requirements = (element: XmlElement): Requirement[] =>
  element.children
    .filter(({ name }) => name === "informationRequirement" || name === "knowledgeRequirement")
    .flatMap(({ children }) =>
      children.flatMap((child) =>
        Object.hasOwn(required, child.name)
          ? { kind: required[child.name as keyof typeof required], href: attribute(child, "href") }
          : [],
      ),
    );

/** The first child that is an expression. */
export function expressionIn(element: XmlElement | undefined): DmnExpression | null {
  for (const child of element?.children ?? []) {
    const found = expression(child);
    if (found) return found;
  }
  return null;
}

function expression(element: XmlElement): DmnExpression | null {
  const at = { type: typeOf(element), line: element.line };
  switch (element.name) {
    case "literalExpression":
      return { kind: "literal", text: textOfChild(element, "text"), ...at };
    case "decisionTable":
      return { kind: "table", table: readTable(element), ...at };
    case "context":
      return {
        kind: "context",
        ...at,
        entries: childrenNamed(element, "contextEntry").map((entry) => {
          const variable = childNamed(entry, "variable");
          return {
            name: variable ? attribute(variable, "name").trim() : "",
            type: variable ? typeOf(variable) : "",
            value: expressionIn(entry),
          };
        }),
      };
    case "relation":
      return {
        kind: "relation",
        ...at,
        columns: childrenNamed(element, "column").map((column) => attribute(column, "name").trim()),
        rows: childrenNamed(element, "row").map((row) => row.children.flatMap((cell) => expression(cell) ?? [])),
      };
    case "list":
      return { kind: "list", ...at, items: element.children.flatMap((item) => expression(item) ?? []) };
    case "invocation":
      return {
        kind: "invocation",
        ...at,
        callee: expressionIn(element),
        bindings: childrenNamed(element, "binding").map((binding) => {
          const named = childNamed(binding, "parameter");
          return { name: named ? attribute(named, "name").trim() : "", value: expressionIn(binding) };
        }),
      };
    case "functionDefinition":
      return functionOf(element);
    case "conditional":
      return {
        kind: "conditional",
        ...at,
        condition: expressionIn(childNamed(element, "if")),
        yes: expressionIn(childNamed(element, "then")),
        no: expressionIn(childNamed(element, "else")),
      };
    case "filter":
      return {
        kind: "filter",
        ...at,
        list: expressionIn(childNamed(element, "in")),
        match: expressionIn(childNamed(element, "match")),
      };
    case "for":
    case "some":
    case "every":
      return {
        kind: "iterator",
        of: element.name,
        ...at,
        variable: attribute(element, "iteratorVariable").trim(),
        list: expressionIn(childNamed(element, "in")),
        body: expressionIn(childNamed(element, element.name === "for" ? "return" : "satisfies")),
      };
    default:
      return null;
  }
}

function functionOf(element: XmlElement): Extract<DmnExpression, { kind: "function" }> {
  return {
    kind: "function",
    language: attribute(element, "kind") || "FEEL",
    parameters: childrenNamed(element, "formalParameter").map(parameter),
    body: expressionIn(element),
    type: typeOf(element),
    line: element.line,
  };
}
