import type { Verb } from "./verb.ts";

/** Every command: the words that call it, and its file. A file is loaded only when its command is called. */
export const verbs: Readonly<Record<string, () => Promise<{ verb: Verb }>>> = {
  "process check": () => import("./process-check.ts"),
  "process import": () => import("./process-import.ts"),
  clock: () => import("./clock.ts"),
  backup: () => import("./backup.ts"),
  restore: () => import("./restore.ts"),
  hold: () => import("./hold.ts"),
  "import records": () => import("./import-records.ts"),
  demo: () => import("./demo.ts"),
  "import log": () => import("./import-log.ts"),
  "feel run": () => import("./feel-run.ts"),
  "dmn import": () => import("./dmn-import.ts"),
  "dmn export": () => import("./dmn-export.ts"),
  "dmn run": () => import("./dmn-run.ts"),
  "sla run": () => import("./sla-run.ts"),
  migrate: () => import("./migrate.ts"),
  "report bottlenecks": () => import("./report-bottlenecks.ts"),
  verify: () => import("./verify.ts"),
  "process export": () => import("./process-export.ts"),
};
