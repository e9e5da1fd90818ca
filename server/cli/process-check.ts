import { typeScope } from "@/server/commands/check-context.ts";
import { processFileLimits } from "@/server/interop/process-text/parse-yaml.ts";
import { readProcessFile } from "@/server/interop/process-file.ts";
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
    if (!read.ok) return outcome(file, null, found, []);
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
    return outcome(file, read.process.key, lines, all.find(({ path }) => path !== undefined)?.path ?? []);
  },
};

/** `counterexample`: the nodes, in the order they are played, of a run that cannot finish; empty when none was found. */
function outcome(file: string, process: string | null, problems: Line[], counterexample: string[]): Outcome {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const sound = errors === 0;
  const stuck = counterexample.length > 0 ? [`A run like this cannot finish: ${counterexample.join(" → ")}`] : [];
  const text = [
    ...problems.map(readable),
    ...stuck,
    ...(sound ? [`${file} is sound: every run can finish.`] : []),
  ].join("\n");
  const refused = sound
    ? {}
    : { refused: `${file} cannot be published: ${errors} ${errors === 1 ? "error" : "errors"}.` };
  return { data: { process, problems, sound, counterexample }, text, ...refused };
}

const readable = ({ severity, code, node, line, text }: Line) =>
  `${[severity, code, node, line && `line ${line}`].filter(Boolean).join(" ")}: ${text}`;
