/**
 * What is wrong with a process file, at its line and column (from 1). `error` with a readable process means a draft can hold
 * it but it cannot be published; without a process the file was refused whole.
 */
export type FileProblem = {
  severity: "error" | "warning";
  code: FileProblemCode;
  text: string;
  line?: number;
  column?: number;
  /** Where in the document, in its own key names: `nodes/3/slas`. */
  path?: string;
};

export type FileProblemCode =
  | "FILE_TOO_LARGE"
  | "FILE_NOT_TEXT"
  | "FILE_EMPTY"
  | "FILE_NOT_READABLE"
  | "FILE_TOO_DEEP"
  | "FILE_OF_ANOTHER_KIND"
  | "ALIAS"
  | "TAG"
  | "RESERVED_NAME"
  | "UNKNOWN_KEY"
  | "MISSING_KEY"
  | "WRONG_VALUE"
  | "DUPLICATE_ID"
  | "DANGLING_EDGE"
  | "BAD_SETTING"
  | "BAD_EXPRESSION"
  /** Words of a template that were read as less than they say. */
  | "WORDS";

/** One line for a terminal or a list: where, then what. */
export const problemLine = (problem: FileProblem): string =>
  problem.line === undefined ? problem.text : `Line ${problem.line}, column ${problem.column ?? 1}: ${problem.text}`;
