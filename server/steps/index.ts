/** The engine's compiler and checker with the product's step kinds. */
import { compileProcess } from "@/server/engine/graph.ts";
import { type CheckContext, checkProcess } from "@/server/engine/problems.ts";
import type { Process } from "@/server/engine/process.ts";
import { steps } from "./registry.ts";

export { steps };

/** A process document compiled with the product's step kinds. */
export const compileVersion = (document: Process, version: number) => compileProcess(document, version, steps);

/** What is wrong with a drawn process, checked with the product's step kinds. */
export const checkDraft = (document: Process, context?: CheckContext) => checkProcess(document, steps, context);
