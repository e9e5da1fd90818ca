/** A process file of either form: our own process text, or a template in the neutral form. */
import { isMap, isScalar } from "yaml";
import type { Process } from "@/server/engine/process.ts";
import { type Need, needsOf } from "./needs.ts";
import type { FileProblem } from "./process-text/file-problem.ts";
import { parseYaml } from "./process-text/parse-yaml.ts";
import { readParsed } from "./process-text/read.ts";
import { importParsedTemplate, type TemplateContext } from "./templates/import-template.ts";

/** Errors among `problems` beside a process keep it from being published, not from being a draft. */
export type ReadProcessFile =
  | { ok: true; form: "process" | "template"; process: Process; needs: Need[]; problems: FileProblem[] }
  | { ok: false; problems: FileProblem[] };

export function readProcessFile(input: string | Uint8Array, context: TemplateContext = {}): ReadProcessFile {
  const parsed = parseYaml(input);
  if (!parsed.ok) return parsed;
  const schema = isMap(parsed.root) ? parsed.root.get("schema", true) : undefined;
  if (isScalar(schema) && String(schema.value).startsWith("revops-process-template/")) {
    const read = importParsedTemplate(parsed, context);
    if (!read.ok) return read;
    const problems = read.warnings.map(
      ({ text, node }): FileProblem => ({
        severity: "warning",
        code: "WORDS",
        text,
        ...(node && { path: node }),
      }),
    );
    return { ok: true, form: "template", process: read.process, needs: read.needs, problems };
  }
  const read = readParsed(parsed);
  return read.ok
    ? { ok: true, form: "process", process: read.process, needs: needsOf(read.process), problems: read.problems }
    : read;
}
