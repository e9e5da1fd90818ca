/** Where things lie in the one folder that holds all data: `MILLRACE_DATA`, or `data` beside the product. */
import { existsSync } from "node:fs";
import path from "node:path";

export const dataFolder = (env: { MILLRACE_DATA?: string | undefined }): string =>
  path.resolve(env.MILLRACE_DATA || "data");

/** The demo has a file of its own, so that trying it out and starting for real never meet. */
export const databaseFile = (folder: string, demo: boolean): string =>
  path.join(folder, demo ? "demo.db" : "millrace.db");

/** For the command line, which is not told: the real file, or the demo's where only that exists. */
export const databaseInUse = (folder: string): string =>
  databaseFile(folder, !existsSync(databaseFile(folder, false)) && existsSync(databaseFile(folder, true)));
