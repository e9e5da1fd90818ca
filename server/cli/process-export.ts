import { problemLine } from "@/server/interop/process-text/file-problem.ts";
import { processFileLimits } from "@/server/interop/process-text/parse-yaml.ts";
import { readProcessFile } from "@/server/interop/process-file.ts";
import { writeProcess, writeProcessJson } from "@/server/interop/process-text/write.ts";
import { shippedRecordType } from "@/server/templates/index.ts";
import { readNamedFile } from "./read-file.ts";
import { type Outcome, refuse, type Verb } from "./verb.ts";
import { writeNamedFile } from "./write-file.ts";

/** A process file in its written form: keys in order, defaults left out; as JSON with `--json`, into a file with `--out`. */
export const verb: Verb = {
  usage: "process export FILE [--out FILE] [--json]",
  about: "Print or write a process file in its written form, as YAML or JSON.",
  flags: ["out"],
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""], flags, switches }): Promise<Outcome> {
    const given = await readNamedFile(file, processFileLimits.bytes);
    if (!given.ok) return refuse(given.text);
    const read = readProcessFile(given.bytes, { recordTypeOf: shippedRecordType });
    if (!read.ok)
      return refuse(
        `${file} was not exported. ${read.problems[0] ? problemLine(read.problems[0]) : "It cannot be read."}`,
      );
    if (flags.out === undefined)
      return { data: JSON.parse(writeProcessJson(read.process)), text: writeProcess(read.process).trimEnd() };
    const written = switches.has("json") ? writeProcessJson(read.process) : writeProcess(read.process);
    const failed = await writeNamedFile(flags.out, written);
    return failed
      ? refuse(failed)
      : { data: { process: read.process.key, out: flags.out }, text: `${read.process.name}: written to ${flags.out}.` };
  },
};
