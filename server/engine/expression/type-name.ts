/** A type as `instance of` and typed parameters write it: `list<number>`, `function<number> -> string`. */
import type { TypeName } from "./ast.ts";
import type { TokenReader } from "./token-reader.ts";

export function readTypeName(reader: TokenReader): TypeName {
  const { peek, next, isSign, isWord, fail, said, take, nested, declared } = reader;
  const typeName = () => readTypeName(reader);
  return nested(() => {
    const words: string[] = [];
    if (isWord("function")) {
      next();
      const parameters: TypeName[] = [];
      if (isSign("<")) {
        next();
        while (!isSign(">")) {
          parameters.push(typeName());
          if (!isSign(">")) take(",");
        }
        take(">");
      }
      const result = isSign("->") ? (next(), typeName()) : undefined;
      return { name: "function", parameters, ...(result && { result }) };
    }
    while (
      peek().kind === "name" &&
      !["and", "or", "then", "else", "in", "between", "instance", "satisfies", "return"].includes(peek().text)
    ) {
      words.push(next().text);
      if (isSign(".") && peek(1).kind === "name") words[words.length - 1] += next().text + next().text;
    }
    // `date and time`, `days and time duration`, `years and months duration`: this `and` is a part of the name.
    const second = { date: "time", days: "time", years: "months" }[words.join(" ")];
    if (second && isWord("and") && peek(1).text === second) {
      words.push(next().text, next().text);
      if (words[0] !== "date" && peek().text === "duration") words.push(next().text);
    }
    const name = words.join(" ");
    if (!name) fail(`A type is missing before ${said(peek())}.`);
    if (isSign("<")) {
      next();
      if (name === "context") {
        const entries: Record<string, TypeName> = Object.create(null) as Record<string, TypeName>;
        while (!isSign(">")) {
          const key = declared([]);
          take(":");
          entries[key] = typeName();
          if (!isSign(">")) take(",");
        }
        take(">");
        return { name, entries };
      }
      const of = typeName();
      take(">");
      return { name, of };
    }
    return { name };
  });
}
