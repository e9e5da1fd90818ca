import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { demoSignIns, makeDemoFile } from "@/db/demo/open-demo.ts";
import { lockFile } from "@/db/sqlite/store.ts";
import { openSessions } from "@/server/auth/sessions.ts";
import { readAddress } from "@/server/http/hosts.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { dataFolder, databaseFile } from "@/server/runtime/data-folder.ts";
import { idMaker } from "@/server/runtime/ids.ts";
import { openLog } from "@/server/runtime/log.ts";
import { openSecrets } from "@/server/runtime/secrets.ts";
import type { Outcome, Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "demo [--again] [--json]",
  about:
    "Make the demo workspace in the data folder: a year of deals run through the engine. --again throws an old one away first.",
  switches: ["again"],
  arguments: { least: 0, most: 0 },
  async run({ switches }): Promise<Outcome> {
    const folder = dataFolder({ MILLRACE_DATA: process.env.MILLRACE_DATA });
    const file = databaseFile(folder, true);
    const address = readAddress({ HOST: process.env.HOST, PORT: process.env.PORT, BASE_URL: process.env.BASE_URL });
    if (!address.ok) return { refused: address.text };
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const there = existsSync(file);
    try {
      if (there && switches.has("again")) throwAway(file);
      if (!there || switches.has("again")) {
        const newId = idMaker(machineClock.now);
        const { session: secret } = openSecrets(folder);
        const log = openLog("warn");
        await makeDemoFile({
          file,
          sessionsOn: (store) => openSessions({ store, newId, secret, address: address.address, log }),
          now: machineClock.now(),
          say: (line) => void process.stderr.write(`${line}\n`),
        });
      }
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) };
    }
    const people = demoSignIns();
    return {
      data: { file, made: !there || switches.has("again"), signIns: people },
      text: [
        there && !switches.has("again") ? `The demo is in ${file} already.` : `The demo is in ${file}.`,
        ...people.map((p) => `${p.title}: ${p.email}, password ${p.password}`),
      ].join("\n"),
    };
  },
};

/** Throws while a server runs on it. */
function throwAway(file: string): void {
  const unlock = lockFile(file);
  unlock();
  for (const name of readdirSync(path.dirname(file)))
    if (name.startsWith(path.basename(file))) rmSync(path.join(path.dirname(file), name));
}
