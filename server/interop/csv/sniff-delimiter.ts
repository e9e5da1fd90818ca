import { fileLimits } from "../limits.ts";
import { createRowParser } from "./parse-rows.ts";

export type Delimiter = "," | ";" | "\t" | "|";

const candidates: readonly Delimiter[] = [",", ";", "\t", "|"];

/**
 * The delimiter under which most rows of the sample have as many cells as the first, and the first has the most.
 * A file of one column has none: comma then. Spreadsheets may name theirs in a first line `sep=;`.
 */
export function sniffDelimiter(sample: string, wholeFile: boolean): Delimiter {
  let best: Delimiter = ",";
  let bestScore = 0;
  for (const delimiter of candidates) {
    const parser = createRowParser(delimiter, fileLimits);
    const rows = parser.push(sample);
    if (wholeFile || rows.length === 0) rows.push(...parser.end());
    const width = rows[0]?.values.length ?? 0;
    if (width < 2) continue;
    const even = rows.filter((row) => row.values.length === width).length / rows.length;
    const score = even * even * Math.log2(width + 1);
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** The delimiter a first line `sep=…` names, and how long that line is. */
export function namedDelimiter(text: string): { delimiter: Delimiter; length: number } | undefined {
  const match = /^sep=([,;\t|])(\r\n|\n|\r)/i.exec(text);
  const delimiter = candidates.find((candidate) => candidate === match?.[1]);
  return match && delimiter ? { delimiter, length: match[0].length } : undefined;
}
