import { readdir } from "node:fs/promises";
import path from "node:path";
import { type LinkedModel, linkModel } from "@/server/interop/dmn/link.ts";
import type { DmnModel } from "@/server/interop/dmn/model.ts";
import { readDmn } from "@/server/interop/dmn/read-dmn.ts";
import { runModelCases } from "@/server/interop/dmn/run-cases.ts";
import { modelFileBytes } from "@/server/interop/dmn/xml-tree.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { readNamedFile, readNamedJson } from "./read-file.ts";
import { refuse, type Verb } from "./verb.ts";

const largest = 50_000_000;
const mostModels = 500;

export const verb: Verb = {
  usage: "dmn run CASES.json --models DIR",
  about: "Ask DMN models a file of questions, one JSON line a case: id, value, error",
  flags: ["models"],
  arguments: { least: 1, most: 1 },
  async run({ files: [name = ""], flags }) {
    const read = await readNamedJson(name, largest);
    if (!read.ok) return refuse(read.text);
    const result = await runModelCases(read.json, modelsBelow(flags.models ?? path.dirname(name)), machineClock.now());
    if (!result.ok) return refuse(`${name}: ${result.text}`);
    return { text: result.answers.map((answer) => JSON.stringify(answer)).join("\n") };
  },
};

/** Reads each model once; its imports are the other models in its folder, by namespace. */
function modelsBelow(folder: string): (name: string) => Promise<LinkedModel | string> {
  const linked = new Map<string, Promise<LinkedModel | string>>();
  return (name) => {
    let model = linked.get(name);
    if (!model) linked.set(name, (model = link(folder, name)));
    return model;
  };
}

async function link(folder: string, name: string): Promise<LinkedModel | string> {
  const file = path.resolve(folder, name);
  if (!file.startsWith(path.resolve(folder) + path.sep)) return `${name} lies outside the folder of models.`;
  const own = await modelIn(file);
  if (typeof own === "string") return own;
  const beside = new Map<string, DmnModel>();
  if (own.imports.length > 0) {
    const names = (await readdir(path.dirname(file))).filter((n) => n.endsWith(".dmn")).sort();
    for (const one of names.slice(0, mostModels)) {
      const other = await modelIn(path.join(path.dirname(file), one));
      if (typeof other !== "string" && !beside.has(other.namespace)) beside.set(other.namespace, other);
    }
  }
  return linkModel(own, (namespace) => beside.get(namespace) ?? null);
}

async function modelIn(file: string): Promise<DmnModel | string> {
  const given = await readNamedFile(file, modelFileBytes);
  if (!given.ok) return given.text;
  const read = await readDmn(given.bytes);
  return read.ok ? read.model : `${path.basename(file)}: ${read.problem.text}`;
}
