import { lostByte } from "../decode-text.ts";

/** One row as it stands in the file. `row` is the 1-based line where it begins; `fault` is why it cannot be used. */
export type RawRow = { row: number; values: string[]; fault?: RowFault };

export type RowFault =
  | { code: "huge_cell"; cell: number }
  | { code: "too_many_columns" }
  | { code: "open_quote" }
  | { code: "text_after_quote"; cell: number }
  | { code: "nul_character"; cell: number }
  | { code: "damaged_text"; cell: number; byte?: number };

export type RowParser = {
  /** Rows completed by this piece of text. */
  push(text: string): RawRow[];
  /** The last row, when the file does not end in a line break. */
  end(): RawRow[];
};

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * RFC 4180, read leniently: CRLF, LF or CR end a row, quotes inside an unquoted cell are text, blank lines are skipped.
 * Holds one row at a time; a cell past the limit is dropped as it comes, so memory stays bounded whatever the file.
 */
export function createRowParser(delimiter: string, limits: { cellCharacters: number; columns: number }): RowParser {
  const separator = delimiter.charCodeAt(0);
  let state: "cell start" | "plain" | "quoted" | "quote closed" = "cell start";
  let line = 1;
  let row: RawRow = { row: 1, values: [] };
  let cell = "";
  let wasQuoted = false;
  let afterReturn = false;
  let previous = 0;
  let done: RawRow[] = [];

  const blame = (fault: RowFault) => {
    row.fault ??= fault;
  };
  const keep = (text: string) => {
    if (cell.length + text.length > limits.cellCharacters) {
      blame({ code: "huge_cell", cell: row.values.length });
      cell = "";
    } else if (row.fault === undefined) cell = cell === "" ? text : cell + text;
  };
  const endCell = () => {
    if (row.values.length >= limits.columns) blame({ code: "too_many_columns" });
    else row.values.push(cell);
    cell = "";
    state = "cell start";
  };
  const endRow = () => {
    const blank = row.values.length === 0 && cell === "" && !wasQuoted && row.fault === undefined;
    if (!blank) {
      endCell();
      done.push(row);
    }
    cell = "";
    wasQuoted = false;
    state = "cell start";
    row = { row: line, values: [] };
  };
  const checkCharacter = (code: number) => {
    if (code === 0) blame({ code: "nul_character", cell: row.values.length });
    const afterHigh = previous >= 0xd800 && previous <= 0xdbff;
    const byte = afterHigh ? undefined : lostByte(code);
    if (byte !== undefined || code === 0xfffd) blame({ code: "damaged_text", cell: row.values.length, byte });
  };

  const push = (text: string): RawRow[] => {
    done = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0 || code >= 0xdc80) checkCharacter(code);
      previous = code;
      const pairedFeed = afterReturn && code === lineFeed;
      afterReturn = code === carriageReturn;
      if ((code === lineFeed && !pairedFeed) || code === carriageReturn) line += 1;

      if (state === "quoted") {
        if (code === quote) {
          keep(text.slice(from, at));
          state = "quote closed";
        }
        continue;
      }
      if (pairedFeed && state === "cell start" && row.values.length === 0) {
        row.row = line;
        from = at + 1;
        continue;
      }
      const ends = code === separator || code === lineFeed || code === carriageReturn;
      if (ends) {
        if (state === "plain") keep(text.slice(from, at));
        if (code === separator) endCell();
        else endRow();
        from = at + 1;
      } else if (state === "cell start") {
        from = code === quote ? at + 1 : at;
        state = code === quote ? "quoted" : "plain";
        wasQuoted ||= code === quote;
      } else if (state === "quote closed") {
        if (code === quote) {
          // A doubled quote is one quote of text: it opens the next slice.
          from = at;
          state = "quoted";
        } else if (code !== 0x20) blame({ code: "text_after_quote", cell: row.values.length });
      }
    }
    if (state === "plain" || state === "quoted") keep(text.slice(from));
    return done;
  };

  const end = (): RawRow[] => {
    done = [];
    if (state === "quoted") row.fault = { code: "open_quote" };
    endRow();
    return done;
  };
  return { push, end };
}
