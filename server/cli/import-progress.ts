/**
 * What an import of the command line says while it works. Nobody goes on with it once its process is gone: a running server holds
 * neither the file nor the place it was read from. So what to do then is said before it can happen.
 */
import process from "node:process";

/** `pieceSize`: what is written whole or not at all; an import of one piece leaves nothing to take back. */
export function progress(
  tell: (line: string) => void,
  { pieceSize, what, begun }: { pieceSize: number; what: "rows" | "cases"; begun: (total: number) => string },
): (done: number, total: number) => void {
  return (done, total) => {
    if (total <= pieceSize) return;
    if (done === 0) tell(begun(total));
    else if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} ${what}${done === total ? "\n" : ""}`);
  };
}

export const cutOffSentence = (verb: "records" | "log", id: string): string =>
  `Should it be cut off, it does not go on by itself: take back what is in with “millrace import ${verb} --undo ${id}”, then import the file again.`;

/** People stay when an import is taken back, and are found by their names. */
export const againSentence =
  "Should it be cut off, it does not go on by itself: import the file again; nobody is made twice.";
