import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { extendTailwindMerge } from "tailwind-merge";
import { describe, expect, it } from "vitest";
import { cn } from "./cn.ts";

/** With the names of our theme (app/globals.css) that do not tell what they are. */
const twMerge = extendTailwindMerge({ extend: { theme: { shadow: ["raised", "overlay"] } } });
const components = path.resolve(import.meta.dirname, "..");

/** Every word in quotes that tailwind-merge takes for a class, without its condition. */
function usedClasses(): string[] {
  const words = new Set<string>();
  for (const name of readdirSync(components, { recursive: true, encoding: "utf8" }))
    if (/\.tsx?$/.test(name) && !/\.test\.|\bcn\.ts/.test(name))
      for (const [, text] of readFileSync(path.join(components, name), "utf8").matchAll(/["`]([^"`\n]*)["`]/g))
        for (const word of text!.split(/\s+/))
          if (/^[a-z[!-][\w:[\]().,%/#&>=*+!-]*$/.test(word)) words.add(word.replace(/^.*[:!](?![^[]*\])/, ""));
  return [...words].filter(
    (word) => twMerge(`${word} ${word}`) === word && twMerge(`x${word} x${word}`) !== `x${word}`,
  );
}

describe("cn", () => {
  it("lets the later of two classes win as tailwind-merge does, whichever two of the screens meet", () => {
    const used = usedClasses();
    expect(used.length).toBeGreaterThan(300);
    const differ = used.flatMap((a) =>
      used.filter((b) => a !== b && cn(a, b) !== twMerge(a, b)).map((b) => `${a} ${b}: ${cn(a, b)} | ${twMerge(a, b)}`),
    );
    expect(differ).toEqual([]);
  });

  it("looks at each state and width by itself", () => {
    expect(cn("h-9 w-full hover:bg-sunken", "h-8 lg:w-auto", false, undefined)).toBe(
      "w-full hover:bg-sunken h-8 lg:w-auto",
    );
    expect(cn("[&>th]:px-3 px-2", "px-0")).toBe("[&>th]:px-3 px-0");
    expect(cn("!border !border-line", "border-2")).toBe("!border !border-line border-2");
  });
});
