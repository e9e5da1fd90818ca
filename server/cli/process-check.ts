import { typeScope } from "@/server/commands/check-context.ts";
import { processFileLimits } from "@/server/interop/process-text/parse-yaml.ts";
import { readProcessFile } from "@/server/interop/process-file.ts";
import type { CounterExample } from "@/server/engine/checks/soundness.ts";
import { fieldOf } from "@/server/records/model.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { shippedRecordType } from "@/server/templates/index.ts";
import { readNamedFile } from "./read-file.ts";
import type { Outcome, Verb } from "./verb.ts";

type Line = { severity: "error" | "warning"; code: string; node?: string; edge?: string; line?: number; text: string };

/** What keeps a process from being published, without a database: its file, its graph, its expressions, its fields. */
export const verb: Verb = {
  usage: "process check FILE [--json]",
  about: "Say what is wrong with a process file, and whether every run of it can finish.",
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""] }): Promise<Outcome> {
    const given = await readNamedFile(file, processFileLimits.bytes);
    if (!given.ok) return { refused: given.text };
    const read = readProcessFile(given.bytes, { recordTypeOf: shippedRecordType });
    const found = read.problems.map(
      ({ severity, code, line, text }): Line => ({ severity, code, ...(line !== undefined && { line }), text }),
    );
    if (!read.ok) return outcome(file, null, found, null);
    const said = new Set(found.map(({ code }) => code));
    const all = checkDraft(read.process, {
      types: typeScope,
      hasField: (type, field) => fieldOf(type, field) !== null,
    });
    // What the file's own check has said with a line is not said again without one.
    const checked = all.filter(
      ({ code }) =>
        !(code === "BAD_EXPRESSION" && said.has("BAD_EXPRESSION")) &&
        !(code === "BAD_CONFIG" && said.has("BAD_SETTING")),
    );
    const lines = [
      ...found,
      ...checked.map(
        ({ severity, code, node, edge, text }): Line => ({
          severity,
          code,
          ...(node && { node }),
          ...(edge && { edge }),
          text,
        }),
      ),
    ];
    return outcome(file, read.process.key, lines, all.find(({ game }) => game !== undefined)?.game ?? null);
  },
};

/** Errors that let a run get stuck, go round for ever or do a step twice; the others keep a process from being published too. */
const unsound = new Set([
  "DEAD_END",
  "NO_EXIT",
  "NO_OTHERWISE",
  "UNREACHABLE",
  "NEVER_ENDS",
  "ENDLESS_LOOP",
  "DEADLOCK",
  "LACK_OF_SYNCHRONISATION",
  "BODY_ENTRY",
]);

/**
 * `sound`: every run can finish, and nothing is done twice by mistake; false too for a file that cannot be read.
 * `counterexample`: what fires, in order, in a run that cannot finish, and by which edges; empty when none was found.
 * `standing`: where its tokens are in the end, before a join by which edge.
 */
function outcome(file: string, process: string | null, problems: Line[], game: CounterExample | null): Outcome {
  const errors = problems.filter(({ severity }) => severity === "error");
  const sound = process !== null && !errors.some(({ code }) => unsound.has(code) || code.startsWith("GRAPH_"));
  const { steps, standing } = game ?? { steps: [], standing: [] };
  const stuck = game
    ? [
        `A run like this cannot finish: ${steps.map(({ node }) => node).join(" → ")}`,
        `Its tokens are then at: ${standing.map(({ node, edge }) => (edge ? `${node} by ${edge}` : node)).join(", ")}`,
      ]
    : [];
  const open = problems.some(({ code }) => code === "TOO_MANY_BRANCHES");
  const good = open ? `${file} can be published.` : `${file} is sound: every run can finish.`;
  const text = [...problems.map(readable), ...stuck, ...(errors.length === 0 ? [good] : [])].join("\n");
  const refused = errors.length
    ? { refused: `${file} cannot be published: ${errors.length} ${errors.length === 1 ? "error" : "errors"}.` }
    : {};
  return { data: { process, problems, sound, counterexample: steps, standing }, text, ...refused };
}

const readable = ({ severity, code, node, line, text }: Line) =>
  `${[severity, code, node, line && `line ${line}`].filter(Boolean).join(" ")}: ${text}`;
