import { openWorkspace } from "./open-workspace.ts";
import type { Outcome, Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "migrate [--json]",
  about: "Bring the database's schema to this version. Starting the server does the same.",
  arguments: { least: 0, most: 0 },
  async run(): Promise<Outcome> {
    const opened = await openWorkspace();
    if (opened.ok) await opened.store.close();
    else if (!opened.text.startsWith("There is no workspace")) return { refused: opened.text };
    return { data: { migrated: true }, text: "The schema is that of this version." };
  },
};
