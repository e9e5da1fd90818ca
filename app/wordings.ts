/** The wordings as the pages read them: taken apart once a start, so that no browser loads a parser (next.config.js). */
import compile from "icu-minify/compile";
import type { AbstractIntlMessages } from "use-intl";
import en from "@/messages/en.json";
import vi from "@/messages/vi.json";

export type Tree = { readonly [key: string]: string | Tree };

/** A text with nothing to fill in stays a text; any other becomes the list of its parts. */
export const takenApart = (tree: Tree): AbstractIntlMessages =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === "string" ? asMessage(compile(value)) : takenApart(value),
    ]),
  );

/**
 * use-intl types its messages as written; it hands what it finds to the formatter, and ours takes the parts. Through JSON, for
 * the compiler's objects have no prototype and React hands only plain ones to the browser.
 */
const asMessage = (parts: ReturnType<typeof compile>) => JSON.parse(JSON.stringify(parts)) as string;

export const wordings = { en: takenApart(en), vi: takenApart(vi) };
