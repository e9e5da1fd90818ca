import { problemLine } from "@/server/interop/process-text/file-problem.ts";
import { processFileLimits } from "@/server/interop/process-text/parse-yaml.ts";
import { readProcessFile } from "@/server/interop/process-file.ts";
import { writeProcess, writeProcessJson } from "@/server/interop/process-text/write.ts";
import { shippedRecordType } from "@/server/templates/index.ts";
import { readNamedFile } from "./read-file.ts";
import { type Outcome, refuse, type Verb } from "./verb.ts";

/** A process file in its written form: keys in order, defaults left out; as JSON with `--json`. */
export const verb: Verb = {
  usage: "process export FILE [--json]",
  about: "Print a process file in its written form, as YAML or JSON.",
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""] }): Promise<Outcome> {
    const given = await readNamedFile(file, processFileLimits.bytes);
    if (!given.ok) return refuse(given.text);
    const read = readProcessFile(given.bytes, { recordTypeOf: shippedRecordType });
    if (!read.ok)
      return refuse(
        `${file} was not exported. ${read.problems[0] ? problemLine(read.problems[0]) : "It cannot be read."}`,
      );
    return { data: JSON.parse(writeProcessJson(read.process)), text: writeProcess(read.process).trimEnd() };
  },
};
