import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Problem } from "../problem.ts";
import { type CsvOptions, type CsvRow, readCsv } from "./read-csv.ts";
import { csvRow, writeCsv } from "./write-csv.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const wide = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
const swapped = (text: string) => new Uint8Array(Buffer.from(text, "utf16le").swap16());

describe("encodings", () => {
  const table = "name;city\nZoë;Đà Nẵng\nPaul;Köln\n";
  it.each([
    ["UTF-8", utf8(table), "utf-8"],
    ["UTF-8 with a byte order mark", utf8(`\ufeff${table}`), "utf-8"],
    ["UTF-16 LE with a mark", wide(`\ufeff${table}`), "utf-16le"],
    ["UTF-16 BE with a mark", swapped(`\ufeff${table}`), "utf-16be"],
    ["UTF-16 LE without one", wide(table.repeat(3)), "utf-16le"],
    ["UTF-16 BE without one", swapped(table.repeat(3)), "utf-16be"],
  ] as const)("reads %s", async (_, bytes, encoding) => {
    const file = await read(bytes);
    expect([file.encoding, file.columns, file.rows[0]?.values]).toEqual([
      encoding,
      ["name", "city"],
      ["Zoë", "Đà Nẵng"],
    ]);
    expect([file.problems, file.notices]).toEqual([[], []]);
  });

  it("falls back to Windows-1252 at the first byte that is not UTF-8, and says so", async () => {
    const file = await read(latin("name,note\nZo\xeb,\x93quoted\x94 \x80 5\n"));
    expect(file.rows[0]?.values).toEqual(["Zoë", "“quoted” € 5"]);
    expect(file.notices.map(({ code, text }) => [code, text])).toEqual([
      [
        "encoding",
        "The file is not UTF-8 (byte 0xEB), so it was read as Windows-1252. If letters look wrong, save it as UTF-8 and choose it again.",
      ],
    ]);
  });

  it("falls back even when the first such byte comes late in a long file", async () => {
    const file = await read(latin(`name\n${"plain\n".repeat(40_000)}Zo\xeb\n`));
    expect(file.rows.at(-1)).toEqual({ row: 40_002, values: ["Zoë"] });
    expect(file.notices.length).toBe(1);
  });

  it("leaves out only the row of a stray byte amid good UTF-8, and names the byte", async () => {
    const bad = Buffer.concat([utf8("name,city\nZoë,Đà Nẵng\nPa"), Buffer.from([0xe9]), utf8("l,Köln\nJörg,Ulm\n")]);
    const file = await read(new Uint8Array(bad));
    expect(file.rows.map(({ row }) => row)).toEqual([2, 4]);
    expect(file.problems).toEqual([
      {
        code: "damaged_text",
        row: 3,
        column: "name",
        text: "Row 3, name: the cell holds the byte 0xE9, which is no letter in the file's encoding. The row was left out; save the file as UTF-8 and import again.",
      },
    ]);
  });

  it("names a byte that Windows-1252 does not have", async () => {
    const file = await read(latin("name\nZo\xeb\nbad\x81\n"));
    expect(file.problems.map(({ row, text }) => [row, text.includes("0x81")])).toEqual([[3, true]]);
  });

  it("reads it in the encoding a person chose", async () => {
    const file = await read(latin("name\nZo\xeb\n"), { encoding: "windows-1252" });
    expect([file.rows[0]?.values, file.notices]).toEqual([["Zoë"], []]);
  });

  it("does not split a letter at the edge of a piece", async () => {
    const bytes = utf8("name\nĐà Nẵng 🚚\n");
    const file = await read(bytes, {}, 1);
    expect(file.rows).toEqual([{ row: 2, values: ["Đà Nẵng 🚚"] }]);
  });
});

describe("delimiters, quotes and line ends", () => {
  it.each([
    ["comma", "a,b\n1,2\n", ","],
    ["semicolon with decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", ";"],
    ["tab", "a\tb\nx, y\tz\n", "\t"],
    ["bar", "a|b\nx, y|z\n", "|"],
    ["one column", "name\nAnn\nBob\n", ","],
    ["commas inside quoted semicolon cells", 'a;b\n"x,y,z";"1,2,3"\n', ";"],
  ])("finds the delimiter: %s", async (_, text, delimiter) => {
    expect((await read(utf8(text))).delimiter).toBe(delimiter);
  });

  it("obeys the delimiter a spreadsheet names in the first line, and still counts lines", async () => {
    const file = await read(utf8("sep=|\na,x|b\n1|2\n1|2|3\n"));
    expect([file.columns, file.rows, file.problems[0]?.row]).toEqual([
      ["a,x", "b"],
      [{ row: 3, values: ["1", "2"] }],
      4,
    ]);
  });

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("counts lines with %s, blank ones and breaks inside quotes too", async (_, end) => {
    const text = ["a,b", '"two', 'lines",x', "", "1,2", 'say ""hi"",5', '"say ""hi""",6'].join(end);
    const file = await read(utf8(text));
    expect(file.rows).toEqual([
      { row: 2, values: [`two${end}lines`, "x"] },
      { row: 5, values: ["1", "2"] },
      { row: 6, values: ['say ""hi""', "5"] },
      { row: 7, values: ['say "hi"', "6"] },
    ]);
  });

  it("reads what it writes, in whatever pieces the bytes come", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", "é", "🚚", " ", ",", ";", '"', "\n", "\r", "'"),
      maxLength: 8,
    });
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const text = [...writeCsv(["a", "b", "c"], rows)].join("");
        const file = await read(utf8(text), { delimiter: "," }, size);
        expect(file.problems).toEqual([]);
        // A cell that begins with CR comes back with the quote mark that keeps spreadsheets from running it.
        const escaped = rows.map((row) => row.map((cell) => (cell.startsWith("\r") ? `'${cell}` : cell)));
        expect(file.rows.map(({ values }) => values)).toEqual(escaped);
      }),
    );
  });
});

describe("dirty tables", () => {
  it("leaves out ragged rows with their line and both counts; trailing delimiters are nothing", async () => {
    const file = await read(utf8("a,b,c\n1,2\n1,2,3,\n1,2,3,4\n5,6,7\n"));
    expect(file.rows).toEqual([
      { row: 3, values: ["1", "2", "3"] },
      { row: 5, values: ["5", "6", "7"] },
    ]);
    expect(file.problems.map(({ row, text }) => [row, text])).toEqual([
      [2, "Row 2 has 2 cells where the header has 3. It was left out; check its delimiters and quotes."],
      [4, "Row 4 has 4 cells where the header has 3. It was left out; check its delimiters and quotes."],
    ]);
  });

  it("leaves out the row of a huge cell and reads on after it", async () => {
    const file = await read(utf8(`a,b\n1,${"x".repeat(70_000)}\n2,"${"y\n".repeat(40_000)}"\n3,ok\n`));
    expect(file.rows.map(({ values }) => values)).toEqual([["3", "ok"]]);
    expect(file.problems.map(({ code, row, column }) => [code, row, column])).toEqual([
      ["huge_cell", 2, "b"],
      ["huge_cell", 3, "b"],
    ]);
  });

  it("names the row of a quote that is never closed", async () => {
    const file = await read(utf8('a,b\n1,2\n3,"open\n5,6\n'));
    expect([file.rows, file.problems.map(({ code, row }) => [code, row])]).toEqual([
      [{ row: 2, values: ["1", "2"] }],
      [["open_quote", 3]],
    ]);
  });

  it("leaves out text after a closing quote and NUL characters", async () => {
    const file = await read(utf8('a,b\n"x"y,1\nfine,2\nn\0ul,3\n'));
    expect([file.rows.length, file.problems.map(({ code, row }) => [code, row])]).toEqual([
      1,
      [
        ["text_after_quote", 2],
        ["nul_character", 4],
      ],
    ]);
  });

  it("takes formula cells as the text they are", async () => {
    const file = await read(utf8("name,note\n=1+1,@cmd\n"));
    expect(file.rows[0]?.values).toEqual(["=1+1", "@cmd"]);
  });

  it("names unnamed columns by their place and numbers repeated ones; no name reaches a prototype", async () => {
    const file = await read(utf8(",name,name,__proto__\n1,2,3,4\n"));
    expect(file.columns).toEqual(["Column 1", "name", "name (2)", "Column 4"]);
    expect(file.notices.map(({ code }) => code)).toEqual(["unnamed_column", "duplicate_column", "reserved_name"]);
  });

  it.each([
    ["nothing at all", new Uint8Array(0), "empty_file"],
    ["only a byte order mark", utf8("\ufeff"), "empty_file"],
    ["only blank lines", utf8("\n\n\n"), "empty_file"],
    ["an Excel workbook", Uint8Array.from([0x50, 0x4b, 3, 4, ...new Array<number>(60).fill(7)]), "not_text"],
    ["a picture", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 1, 2, 3, 4]), "not_text"],
    ["random bytes", Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251), "not_text"],
    ["a cut-off archive", new Uint8Array(gzipSync("a,b\n".repeat(1000))).subarray(0, 30), "damaged_archive"],
    ["a bomb", new Uint8Array(gzipSync(Buffer.alloc(20_000_000, "a,b\n"))), "packed_too_tightly"],
  ])("refuses %s", async (_, bytes, code) => {
    const problem = await refusal(bytes);
    expect(problem.code).toBe(code);
    expect(problem.text).toContain("Nothing was imported");
  });

  it("refuses a file past its limits, also when the limit shows only in the midst", async () => {
    const table = utf8(`a,b\n${"1,2\n".repeat(50_000)}`);
    expect((await refusal(table, { limits: { packedBytes: 100_000 } })).code).toBe("file_too_large");
    expect((await refusal(table, { limits: { rows: 40_000 } })).code).toBe("too_many_rows");
    const packed = new Uint8Array(
      gzipSync(Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i},${(i * 7919) % 10007}`).join("\n"))),
    );
    expect((await refusal(packed, { limits: { unpackedBytes: 200_000 } })).code).toBe("unpacked_too_large");
    expect((await refusal(utf8(`${"a,".repeat(3000)}\n1\n`))).code).toBe("too_many_columns");
  });

  it("counts the bytes it has taken, up to the size of the packed file", async () => {
    const bytes = new Uint8Array(gzipSync(Array.from({ length: 20_000 }, (_, i) => `${i},x`).join("\n")));
    const file = await readCsv(bytes);
    if (!file.ok) throw new Error(file.problem.text);
    const seen: number[] = [];
    for await (const piece of file.pieces) if (piece.type === "rows") seen.push(piece.bytesRead);
    expect(seen.at(-1)).toBe(bytes.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

describe("writing", () => {
  it.each([
    [["=1+1", "+49 30", "-2", "@x", "\tx", "\rx", "\0x"], "'=1+1,'+49 30,'-2,'@x,'\tx,\"'\rx\",'\0x\r\n"],
    [['say "hi"', "a,b", "two\nlines", " padded "], '"say ""hi""","a,b","two\nlines"," padded "\r\n'],
    [[-5, 1.5, true, null, undefined, 10n], "-5,1.5,true,,,10\r\n"],
  ])("a row, case %#", (cells, text) => {
    expect(csvRow(cells)).toBe(text);
  });
});

type Read = {
  columns: string[];
  encoding: string;
  delimiter: string;
  rows: CsvRow[];
  problems: Problem[];
  notices: Problem[];
};

/** Reads all; `size` hands the bytes over in pieces of so many. */
async function read(bytes: Uint8Array, options: CsvOptions = {}, size?: number): Promise<Read> {
  const file = await readCsv(size === undefined ? bytes : inPieces(bytes, size), options);
  if (!file.ok) throw new Error(file.problem.text);
  const all: Read = {
    columns: file.columns,
    encoding: file.encoding,
    delimiter: file.delimiter,
    rows: [],
    problems: [],
    notices: [...file.notices],
  };
  for await (const piece of file.pieces) {
    if (piece.type === "refused") throw new Error(piece.problem.text);
    all.rows.push(...piece.rows);
    all.problems.push(...piece.problems);
    all.notices.push(...piece.notices);
  }
  return all;
}

async function refusal(bytes: Uint8Array, options: CsvOptions = {}): Promise<Problem> {
  const file = await readCsv(bytes, options);
  if (!file.ok) return file.problem;
  for await (const piece of file.pieces) if (piece.type === "refused") return piece.problem;
  throw new Error("the file was read");
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
