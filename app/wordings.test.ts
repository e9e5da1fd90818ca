import format, { type CompiledMessage, type FormatValues } from "icu-minify/format";
import { createTranslator } from "use-intl/core";
import { describe, expect, it } from "vitest";
import en from "@/messages/en.json";
import vi from "@/messages/vi.json";
import { takenApart, type Tree } from "./wordings.ts";

const formatters = {
  getNumberFormat: (...how: ConstructorParameters<typeof Intl.NumberFormat>) => new Intl.NumberFormat(...how),
  getDateTimeFormat: (...how: ConstructorParameters<typeof Intl.DateTimeFormat>) => new Intl.DateTimeFormat(...how),
  getPluralRules: (...how: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...how),
};

function leaves(tree: object, prefix = ""): [path: string, value: unknown][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" || Array.isArray(value) ? [[prefix + key, value]] : leaves(value, `${prefix}${key}.`),
  );
}

/** Something for every placeholder of a text; a number where one is counted. */
function valuesFor(text: string, n: number): FormatValues<string> {
  const names = [...text.matchAll(/\{\s*(\w+)\s*(?:\}|,\s*(\w+)\s*,?\s*(?:=?\w+\s*\{)?)/g)];
  const tags = [...text.matchAll(/<(\w+)>/g)];
  return Object.fromEntries([
    ...names.map(([, name, kind]) => [name, kind === undefined ? `it's “${name}”` : kind === "select" ? "other" : n]),
    ...tags.map(([, name]) => [name, (inside: string[]) => `[${name} ${inside.join("")}]`]),
  ]);
}

describe.each([
  ["en", en],
  ["vi", vi],
] as const)("the wordings in %s", (locale, messages) => {
  const raw: Tree = messages;
  const parts = new Map(leaves(takenApart(raw)));
  const t = createTranslator({ locale, messages: raw as never, timeZone: "UTC" }) as unknown as {
    rich(path: string, values: object): unknown;
  };

  it("say the same taken apart as read whole, for none, one and many", () => {
    const texts = leaves(raw) as [string, string][];
    expect(texts.length).toBe(parts.size);
    const differ = texts.flatMap(([path, text]) =>
      [0, 1, 2, 1234].flatMap((n) => {
        const values = valuesFor(text, n);
        const here = [
          format(parts.get(path) as CompiledMessage, locale, values, { formatters, timeZone: "UTC" }),
        ].flat();
        const there = [t.rich(path, values)].flat();
        return here.join("") === there.join("") ? [] : [`${path}: ${here.join("")} | ${there.join("")}`];
      }),
    );
    expect(differ).toEqual([]);
  });
});
