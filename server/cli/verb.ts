/** What a command is: a file of its own, and one line in `verbs.ts`. */

/** Flags without a value are in `switches`; an unknown one is refused before the command runs. */
export type Arguments = {
  files: readonly string[];
  flags: Readonly<Record<string, string>>;
  switches: ReadonlySet<string>;
};

/** `data` is what `--json` prints (without it the text, such as lines that are JSON already), `text` what a person reads. A refusal is one line on stderr and exit code 1; both may be given. */
export type Outcome = { data?: unknown; text?: string; refused?: string };

export type Verb = {
  /** What follows `millrace`, with its arguments: `process check FILE`. */
  usage: string;
  about: string;
  /** Names of `--flag VALUE` and of bare `--switch`; `--json` and `--help` are everywhere. */
  flags?: readonly string[];
  switches?: readonly string[];
  /** How many arguments without dashes it takes. */
  arguments: { least: number; most: number };
  /** `tell`: a line for whoever waits, on stderr, before there is an answer. */
  run(given: Arguments, tell: (line: string) => void): Promise<Outcome>;
};

export const refuse = (text: string): Outcome => ({ refused: text });
