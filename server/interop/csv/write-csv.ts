/** A cell to write: text is quoted when it must be; a number or boolean is written as it is; null is an empty cell. */
export type CsvCell = string | number | boolean | bigint | null | undefined;

/**
 * One row of RFC 4180 text, ending in CRLF. Text that a spreadsheet would run as a formula gets a leading `'`; numbers are
 * ours and stay numbers, minus sign and all.
 */
export const csvRow = (cells: readonly CsvCell[], delimiter: "," | ";" | "\t" = ","): string =>
  `${cells.map((cell) => cellText(cell, delimiter)).join(delimiter)}\r\n`;

/** A whole file: the header and the rows, row by row, so that a large one can be streamed out. */
export function* writeCsv(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]>,
  options: { delimiter?: "," | ";" | "\t"; byteOrderMark?: boolean } = {},
): Generator<string> {
  if (options.byteOrderMark) yield "\ufeff";
  yield csvRow(header, options.delimiter);
  for (const row of rows) yield csvRow(row, options.delimiter);
}

function cellText(cell: CsvCell, delimiter: string): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const safe = runsAsFormula(cell) ? `'${cell}` : cell;
  const mustQuote = safe.includes(delimiter) || /["\r\n]/.test(safe) || safe !== safe.trim();
  return mustQuote ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const runsAsFormula = (text: string): boolean => /^[=+\-@\t\r\0]/.test(text);
