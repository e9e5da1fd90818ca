import { type SaxesParser } from "saxes";
import { xmlLimits } from "../limits.ts";
import { type Problem, type ProblemCode } from "../problem.ts";

export type XmlGuard = {
  write(text: string): void;
  close(): void;
  /** Refuses the file; the first reason stands, and handlers look at `stopped` before they act. */
  stop(code: ProblemCode, reason: string): void;
  stopped(): Problem | undefined;
  entered(name: string, attributes: object): void;
  left(): void;
};

/** Holds a parser to the caps for foreign XML and turns its faults into one problem with a line. */
export function guardXml(parser: SaxesParser): XmlGuard {
  let problem: Problem | undefined;
  let depth = 0;
  let sincePiece = 0;

  const stop = (code: ProblemCode, reason: string) => {
    problem ??= { code, text: `Line ${parser.line}: ${reason} Nothing was imported.`, row: parser.line };
  };
  parser.on("error", (error) => stop("not_xml", `The XML is not well formed (${reasonOf(error)}).`));
  parser.on("doctype", () => stop("doctype", "The file declares a DOCTYPE, which is not accepted. Remove it."));
  for (const event of ["text", "comment", "processinginstruction", "cdata"] as const) {
    parser.on(event, () => {
      sincePiece = 0;
    });
  }
  return {
    write(text) {
      // A doctype is refused by what it begins with, before the parser gathers its inside.
      for (let from = 0; from < text.length && !problem; from += 64 * 1024) {
        const piece = text.slice(from, from + 64 * 1024);
        sincePiece += piece.length;
        parser.write(piece);
        if (sincePiece > xmlLimits.pieceCharacters) {
          stop(
            "xml_piece",
            `One tag or text is longer than ${xmlLimits.pieceCharacters.toLocaleString("en")} characters.`,
          );
        }
      }
    },
    close() {
      parser.close();
    },
    stop,
    stopped: () => problem,
    entered(name, attributes) {
      sincePiece = 0;
      depth += 1;
      if (depth > xmlLimits.depth) stop("xml_depth", `Elements are nested more than ${xmlLimits.depth} deep.`);
      const keys = Object.keys(attributes);
      if (keys.length > xmlLimits.attributes)
        stop("xml_attributes", `An element has more than ${xmlLimits.attributes} attributes.`);
      if (name.length > xmlLimits.name || keys.some((key) => key.length > xmlLimits.name)) {
        stop("xml_name", `A name is longer than ${xmlLimits.name} characters.`);
      }
    },
    left() {
      sincePiece = 0;
      depth -= 1;
    },
  };
}

/** The parser's own words without the position in front, which we give ourselves. */
const reasonOf = (error: Error): string =>
  error.message
    .replace(/^\d+:\d+: /, "")
    .replace(/\.$/, "")
    .slice(0, 200);
