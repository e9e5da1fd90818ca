import { typeScope } from "@/server/commands/check-context.ts";
import { processFileLimits } from "@/server/interop/process-text/parse-yaml.ts";
import { readProcessFile } from "@/server/interop/process-file.ts";
import { writeDmn } from "@/server/interop/dmn/write-dmn.ts";
import { shippedRecordType } from "@/server/templates/index.ts";
import { readNamedFile } from "./read-file.ts";
import { type Outcome, refuse, type Verb } from "./verb.ts";
import { writeNamedFile } from "./write-file.ts";

export const verb: Verb = {
  usage: "dmn export PROCESS [--table KEY] [--out FILE]",
  about: "Write the decision tables of a process, or one of them, as a DMN 1.3 file",
  flags: ["table", "out"],
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""], flags }): Promise<Outcome> {
    const given = await readNamedFile(file, processFileLimits.bytes);
    if (!given.ok) return refuse(given.text);
    const read = readProcessFile(given.bytes, { recordTypeOf: shippedRecordType });
    if (!read.ok) return refuse(`${file} is no process that can be read.`);
    const { decisionTables } = read.process;
    const keys = Object.keys(decisionTables);
    if (keys.length === 0) return refuse(`${file} has no decision table.`);
    if (flags.table !== undefined && !Object.hasOwn(decisionTables, flags.table))
      return refuse(`${file} has no table ${flags.table}. It has: ${keys.join(", ")}.`);
    const tables = flags.table === undefined ? decisionTables : { [flags.table]: decisionTables[flags.table]! };
    const written = writeDmn(read.process, tables, typeScope(read.process));
    if (flags.out === undefined) return { text: written.trimEnd() };
    const failed = await writeNamedFile(flags.out, written);
    return failed ? refuse(failed) : { text: `${Object.keys(tables).join(", ")} written to ${flags.out}.` };
  },
};
