/** The syntax tree; every node knows where it stands in the text. */
export type Ast =
  | { kind: "number"; value: number; from: number; to: number }
  | { kind: "string"; value: string; from: number; to: number }
  | { kind: "boolean"; value: boolean; from: number; to: number }
  | { kind: "null"; from: number; to: number }
  | { kind: "at"; text: string; from: number; to: number }
  | { kind: "name"; name: string; from: number; to: number }
  | { kind: "path"; object: Ast; name: string; from: number; to: number }
  | { kind: "filter"; list: Ast; by: Ast; from: number; to: number }
  | { kind: "call"; callee: Ast; args: Ast[]; names: string[] | null; from: number; to: number }
  | { kind: "negate"; value: Ast; from: number; to: number }
  | { kind: "arithmetic"; operator: "+" | "-" | "*" | "/" | "**"; left: Ast; right: Ast; from: number; to: number }
  | { kind: "compare"; operator: "=" | "!=" | "<" | "<=" | ">" | ">="; left: Ast; right: Ast; from: number; to: number }
  | { kind: "between"; value: Ast; low: Ast; high: Ast; from: number; to: number }
  | { kind: "in"; value: Ast; tests: Ast[]; from: number; to: number }
  | { kind: "and" | "or"; left: Ast; right: Ast; from: number; to: number }
  | { kind: "if"; condition: Ast; yes: Ast; no: Ast; from: number; to: number }
  | { kind: "for"; iterators: { name: string; list: Ast; to: Ast | null }[]; body: Ast; from: number; to: number }
  | {
      kind: "quantified";
      every: boolean;
      iterators: { name: string; list: Ast; to: Ast | null }[];
      body: Ast;
      from: number;
      to: number;
    }
  | { kind: "list"; items: Ast[]; from: number; to: number }
  | { kind: "context"; entries: { key: string; value: Ast }[]; from: number; to: number }
  | { kind: "range"; low: Ast; high: Ast; lowOpen: boolean; highOpen: boolean; from: number; to: number }
  /** `> 5` as a value: a unary test. */
  | { kind: "unary"; operator: "=" | "!=" | "<" | "<=" | ">" | ">="; value: Ast; from: number; to: number }
  | { kind: "function"; parameters: { name: string; type: string | null }[]; body: Ast; from: number; to: number }
  | { kind: "instance"; value: Ast; type: TypeName; from: number; to: number }
  | { kind: "tests"; tests: Ast[]; negated: boolean; from: number; to: number }
  | { kind: "any"; from: number; to: number };
export type TypeName = {
  name: string;
  of?: TypeName;
  entries?: Record<string, TypeName>;
  result?: TypeName;
  parameters?: TypeName[];
};

const isAst = (value: unknown): value is Ast =>
  typeof value === "object" && value !== null && "kind" in value && "from" in value;

/** The parts of a node, also those of its iterators and entries. */
export function childrenOf(node: Ast): Ast[] {
  return Object.values(node).flatMap((value: unknown): Ast[] => {
    if (isAst(value)) return [value];
    if (!Array.isArray(value)) return [];
    return value.flatMap((item: unknown): Ast[] => {
      if (isAst(item)) return [item];
      return typeof item === "object" && item !== null ? Object.values(item).filter(isAst) : [];
    });
  });
}

/** Whether a name stands anywhere in it. */
export const mentions = (node: Ast, name: string): boolean =>
  node.kind === "name" ? node.name === name : childrenOf(node).some((child) => mentions(child, name));
