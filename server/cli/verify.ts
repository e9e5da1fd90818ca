import { verifyWorkspace } from "@/server/commands/verify.ts";
import { openWorkspace } from "./open-workspace.ts";
import type { Outcome, Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "verify [--json]",
  about: "Prove that the log's chain is whole, and that runs, records and reports are what it says.",
  arguments: { least: 0, most: 0 },
  async run(): Promise<Outcome> {
    const opened = await openWorkspace();
    if (!opened.ok) return { refused: opened.text };
    try {
      const data = await verifyWorkspace(opened, opened.workspaceId);
      const text = `${data.events} events, ${data.runs} runs, ${data.records} records and ${data.rows} rows: ${data.ok ? "all as the log says" : data.problems.join("\n")}`;
      return { data, text, ...(!data.ok && { refused: "The data is not what the log says." }) };
    } finally {
      await opened.store.close();
    }
  },
};
