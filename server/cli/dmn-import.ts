import { processFileLimits } from "@/server/interop/process-text/parse-yaml.ts";
import { problemLine } from "@/server/interop/process-text/file-problem.ts";
import { writeProcess } from "@/server/interop/process-text/write.ts";
import { readProcessFile } from "@/server/interop/process-file.ts";
import { addTables, knownNames } from "@/server/engine/add-tables.ts";
import { readDmn } from "@/server/interop/dmn/read-dmn.ts";
import { takeTables } from "@/server/interop/dmn/take-tables.ts";
import { modelFileBytes } from "@/server/interop/dmn/xml-tree.ts";
import { shippedRecordType } from "@/server/templates/index.ts";
import { readNamedFile } from "./read-file.ts";
import { type Outcome, refuse, type Verb } from "./verb.ts";
import { writeNamedFile } from "./write-file.ts";

export const verb: Verb = {
  usage: "dmn import MODEL.dmn --into PROCESS [--out FILE] [--json]",
  about: "Take the decision tables of a DMN file into a process, and say what could not be taken",
  flags: ["into", "out"],
  arguments: { least: 1, most: 1 },
  async run({ files: [name = ""], flags }): Promise<Outcome> {
    if (flags.into === undefined) return refuse("Say which process the tables go into: --into PROCESS.");
    const [given, into] = [
      await readNamedFile(name, modelFileBytes),
      await readNamedFile(flags.into, processFileLimits.bytes),
    ];
    if (!given.ok) return refuse(given.text);
    if (!into.ok) return refuse(into.text);
    const process = readProcessFile(into.bytes, { recordTypeOf: shippedRecordType });
    if (!process.ok) {
      const [first] = process.problems;
      return refuse(`${flags.into} cannot be read: ${first ? problemLine(first) : "it is no process."}`);
    }
    const model = await readDmn(given.bytes);
    if (!model.ok) return refuse(`${name}: ${model.problem.text}`);
    const taken = takeTables(model.model, knownNames(process.process));
    const count = Object.keys(taken.tables).length;
    if (count === 0) return refuse(`${name} has no decision table to take. ${taken.told.join(" ")}`.trim());
    const { process: next, added } = addTables(process.process, taken);
    const written = writeProcess(next);
    if (flags.out !== undefined) {
      const failed = await writeNamedFile(flags.out, written);
      if (failed) return refuse(failed);
    }
    const lines = [`${count === 1 ? "One table" : `${count} tables`} taken: ${added.join(", ")}.`, ...taken.told];
    return {
      data: { tables: taken.tables, variables: taken.variables, added, told: taken.told },
      text: flags.out === undefined ? written.trimEnd() : lines.join("\n"),
    };
  },
};
