import { type Encoding, type TextFacts, decodeText, hexByte } from "../decode-text.ts";
import { type FileLimits, fileLimits } from "../limits.ts";
import { type Problem, type Refused, refuse } from "../problem.ts";
import { type FileBytes, type Progress, unpack } from "../unpack.ts";
import { headerOf } from "./header.ts";
import { type RawRow, type RowFault, type RowParser, createRowParser } from "./parse-rows.ts";
import { refuseBinary } from "./refuse-binary.ts";
import { type Delimiter, namedDelimiter, sniffDelimiter } from "./sniff-delimiter.ts";

/** A usable row: `row` is the 1-based line in the file where it begins, `values` stand one to one with the columns. */
export type CsvRow = { row: number; values: string[] };

/** `rows` come with the rows that had to be left out; `refused` is the last piece, and then nothing may be kept. */
export type CsvPiece =
  | { type: "rows"; rows: CsvRow[]; problems: Problem[]; notices: Problem[]; bytesRead: number }
  | { type: "refused"; problem: Problem };

export type CsvFile = {
  ok: true;
  /** Column names, made unique; an unnamed column is called after its place. */
  columns: string[];
  encoding: Encoding;
  delimiter: Delimiter;
  notices: Problem[];
  pieces: AsyncGenerator<CsvPiece>;
};

export type CsvOptions = { encoding?: Encoding; delimiter?: Delimiter; limits?: Partial<FileLimits> };

/**
 * Reads a delimited file (plain or gzip) piece by piece: the header at once, the rows as they are asked for.
 * Finds out encoding and delimiter unless told. Memory holds one piece, whatever the size of the file.
 */
export async function readCsv(source: FileBytes, options: CsvOptions = {}): Promise<CsvFile | Refused> {
  const limits = { ...fileLimits, ...options.limits };
  const progress: Progress = { bytesRead: 0 };
  const facts: TextFacts = { encoding: "utf-8" };
  const bytes = refuseBinary(unpack(source, limits, progress));
  const text = decodeText(bytes, facts, options.encoding);

  const start = await readStart(text);
  if (start.end?.problem) return { ok: false, problem: start.end.problem };
  const named = namedDelimiter(start.text);
  const sample = named ? start.text.slice(named.length) : start.text;
  if (sample.trim() === "")
    return refuse("empty_file", "The file is empty. Nothing was imported; choose another file.");
  const delimiter = options.delimiter ?? named?.delimiter ?? sniffDelimiter(sample, start.end !== undefined);

  const parser = createRowParser(delimiter, limits);
  const rows = parser.push(sample);
  if (start.end) rows.push(...parser.end());
  const first = rows.shift();
  const lineShift = named ? 1 : 0;
  if (!first || first.fault) return refuseHeader(first, limits);
  const { columns, notices } = headerOf(first.values, first.row + lineShift);
  const reading: Reading = { columns, limits, lineShift, facts, progress, told: false, count: 0 };
  return {
    ok: true,
    columns,
    encoding: facts.encoding,
    delimiter,
    notices,
    pieces: readPieces(reading, parser, rows, text, start.end),
  };
}

type End = { problem: Problem | undefined };
type Reading = {
  columns: string[];
  limits: FileLimits;
  lineShift: number;
  facts: TextFacts;
  progress: Progress;
  told: boolean;
  count: number;
};

/** Enough text to judge by, at least one line of it. */
async function readStart(text: AsyncGenerator<string, Problem | undefined>): Promise<{ text: string; end?: End }> {
  let start = "";
  while (start.length < 64 * 1024) {
    const next = await text.next();
    if (next.done) return { text: start, end: { problem: next.value } };
    start += next.value;
  }
  return { text: start };
}

async function* readPieces(
  reading: Reading,
  parser: RowParser,
  firstRows: RawRow[],
  text: AsyncGenerator<string, Problem | undefined>,
  end: End | undefined,
): AsyncGenerator<CsvPiece> {
  yield pieceOf(reading, firstRows);
  while (!end) {
    if (reading.count > reading.limits.rows) return yield tooManyRows(reading.limits);
    const next = await text.next();
    if (next.done) {
      if (next.value) return yield { type: "refused", problem: next.value };
      end = { problem: undefined };
      yield pieceOf(reading, parser.end());
    } else yield pieceOf(reading, parser.push(next.value));
  }
  if (reading.count > reading.limits.rows) yield tooManyRows(reading.limits);
}

function pieceOf(reading: Reading, raw: RawRow[]): CsvPiece {
  const rows: CsvRow[] = [];
  const problems: Problem[] = [];
  for (const { row, values, fault } of raw) {
    reading.count += 1;
    const at = row + reading.lineShift;
    const problem = fault
      ? faultOf(fault, at, reading.columns, reading.limits)
      : raggedness(values, at, reading.columns);
    if (problem) problems.push(problem);
    else rows.push({ row: at, values });
  }
  const notices: Problem[] = [];
  if (reading.facts.notice && !reading.told) {
    notices.push(reading.facts.notice);
    reading.told = true;
  }
  return { type: "rows", rows, problems, notices, bytesRead: reading.progress.bytesRead };
}

/** Empty cells past the last column are trailing delimiters and are dropped; anything else is not guessed at. */
function raggedness(values: string[], row: number, columns: string[]): Problem | undefined {
  while (values.length > columns.length && values[values.length - 1] === "") values.pop();
  if (values.length === columns.length) return undefined;
  const cells = values.length === 1 ? "1 cell" : `${values.length} cells`;
  const text = `Row ${row} has ${cells} where the header has ${columns.length}. It was left out; check its delimiters and quotes.`;
  return { code: "ragged_row", text, row };
}

function faultOf(fault: RowFault, row: number, columns: string[], limits: FileLimits): Problem {
  const column = "cell" in fault ? (columns[fault.cell] ?? `cell ${fault.cell + 1}`) : undefined;
  const say = (text: string): Problem => ({ code: fault.code, text, row, ...(column !== undefined && { column }) });
  switch (fault.code) {
    case "huge_cell":
      return say(
        `Row ${row}, ${column}: the cell is longer than ${limits.cellCharacters} characters. The row was left out; shorten it or look for a missing quote.`,
      );
    case "too_many_columns":
      return say(`Row ${row} has more than ${limits.columns} cells. It was left out; check its delimiters.`);
    case "open_quote":
      return say(
        `Row ${row} opens a quote that is never closed, so everything from there to the end was left out. Close the quote and import again.`,
      );
    case "text_after_quote":
      return say(
        `Row ${row}, ${column}: there is text after the closing quote. The row was left out; double the quotes inside the cell.`,
      );
    case "nul_character":
      return say(
        `Row ${row}, ${column}: the cell holds a NUL character. The row was left out; export the file again as text.`,
      );
    case "damaged_text": {
      const byte =
        fault.byte === undefined
          ? "a character that was lost in an earlier conversion"
          : `the byte ${hexByte(fault.byte)}, which is no letter in the file's encoding`;
      return say(
        `Row ${row}, ${column}: the cell holds ${byte}. The row was left out; save the file as UTF-8 and import again.`,
      );
    }
    default:
      return fault satisfies never;
  }
}

const tooManyRows = (limits: FileLimits): CsvPiece => ({
  type: "refused",
  problem: {
    code: "too_many_rows",
    text: `The file has more than ${limits.rows.toLocaleString("en")} rows. Nothing was imported; split it into smaller files.`,
  },
});

const refuseHeader = (first: RawRow | undefined, limits: FileLimits): Refused => {
  const why = first?.fault ? faultOf(first.fault, first.row, [], limits).text : "There is no line to take it from.";
  return refuse(first?.fault?.code ?? "empty_file", `The header row cannot be read. ${why} Nothing was imported.`);
};
