import { kpiCatalogue } from "@/server/kpis/catalogue.ts";
import { problemLine } from "@/server/interop/process-text/file-problem.ts";
import { processFileLimits } from "@/server/interop/process-text/parse-yaml.ts";
import { readProcessFile } from "@/server/interop/process-file.ts";
import { writeProcess } from "@/server/interop/process-text/write.ts";
import { shippedRecordType } from "@/server/templates/index.ts";
import { readNamedFile } from "./read-file.ts";
import { type Outcome, refuse, type Verb } from "./verb.ts";
import { writeNamedFile } from "./write-file.ts";

/** A process file of either form as process text. With errors only on request, so that nobody overlooks them. */
export const verb: Verb = {
  usage: "process import FILE [--out FILE] [--keep-errors] [--json]",
  about: "Read a process or a template, say what it needs, and write it as process text.",
  flags: ["out"],
  switches: ["keep-errors"],
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""], flags, switches }): Promise<Outcome> {
    const given = await readNamedFile(file, processFileLimits.bytes);
    if (!given.ok) return refuse(given.text);
    const read = readProcessFile(given.bytes, {
      recordTypeOf: shippedRecordType,
      kpis: new Set(kpiCatalogue.map(({ id }) => id)),
    });
    const errors = read.problems.filter(({ severity }) => severity === "error");
    if (!read.ok || (errors.length > 0 && !switches.has("keep-errors"))) {
      const [first] = errors;
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
      return {
        data: { problems: read.problems },
        refused: `${file} was not imported. ${first ? problemLine(first) : "It cannot be read."}${more}`,
      };
    }
    const written = writeProcess(read.process);
    if (flags.out !== undefined) {
      const failed = await writeNamedFile(flags.out, written);
      if (failed) return refuse(failed);
    }
    const needs = read.needs.map(({ why, node, text }) => `needs ${why}${node ? ` at ${node}` : ""}: ${text}`);
    const text =
      flags.out === undefined
        ? written.trimEnd()
        : [
            `${read.process.name}: ${read.process.nodes.length} nodes, written to ${flags.out}.`,
            ...needs,
            ...read.problems.map(problemLine),
          ].join("\n");
    return { data: { process: read.process, needs: read.needs, problems: read.problems }, text };
  },
};
