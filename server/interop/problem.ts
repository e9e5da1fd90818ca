/**
 * What can be wrong with a file, said so that the person who chose it can act on it.
 * `row` is the 1-based line in the file where the faulty row begins; a problem with a row means that row was left out.
 */
export type Problem = { code: ProblemCode; text: string; row?: number; column?: string; value?: string };

export type ProblemCode =
  | "empty_file"
  | "not_text"
  | "file_too_large"
  | "unpacked_too_large"
  | "packed_too_tightly"
  | "damaged_archive"
  | "too_many_rows"
  | "too_much_memory"
  | "too_slow"
  | "too_many_columns"
  | "encoding"
  | "damaged_text"
  | "nul_character"
  | "ragged_row"
  | "huge_cell"
  | "open_quote"
  | "text_after_quote"
  | "unnamed_column"
  | "duplicate_column"
  | "reserved_name"
  | "column_missing"
  | "time_missing"
  | "time_unreadable"
  | "time_without_zone"
  | "time_order_assumed"
  | "case_missing"
  | "activity_missing"
  | "case_repeated"
  | "no_events"
  | "not_xml"
  | "doctype"
  | "xml_depth"
  | "xml_attributes"
  | "xml_name"
  | "xml_piece"
  | "not_xes"
  | "not_dmn"
  | "field_unknown"
  | "field_twice"
  | "key_not_mapped"
  | "key_repeated"
  | "key_missing"
  | "required_missing"
  | "value_unreadable"
  | "value_unknown"
  | "lookup_missing";

/** A refusal of the whole file: nothing of it may be used. */
export type Refused = { ok: false; problem: Problem };

/** Keys that could reach an object's prototype are never taken from a file. */
export const reservedNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export const refuse = (code: ProblemCode, text: string, at: Omit<Problem, "code" | "text"> = {}): Refused => ({
  ok: false,
  problem: { code, text, ...at },
});
