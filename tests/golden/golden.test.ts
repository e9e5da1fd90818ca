/**
 * Histories that earlier releases wrote, opened by this one: the tables are brought up to date, the log replays, and everything in
 * it says what it said then (G16). The recordings and their figures are never edited; `README.md` says when a new one is made.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openSqlite } from "@/db/sqlite/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { workspaceContexts } from "@/server/commands/workspace-context.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { isRecorded } from "./recorded-events.ts";

const here = import.meta.dirname;
const releases = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const folder = mkdtempSync(path.join(tmpdir(), "millrace-golden-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const types = new Set<string>();

describe.each(releases.map(({ name }) => name))("a history of release %s", (release) => {
  const said = path.join(here, release, "figures.json");
  const figures = existsSync(said) ? (JSON.parse(readFileSync(said, "utf8")) as Record<string, Figures>) : {};
  const stories = readdirSync(path.join(here, release)).filter((name) => name.endsWith(".db.gz"));

  it.each(stories)("%s opens, replays, and says what it said", async (story) => {
    const file = path.join(folder, `${release}-${story}.db`);
    writeFileSync(file, gunzipSync(readFileSync(path.join(here, release, story))));
    const store = openSqlite({ file, threads: false });
    try {
      const [workspace] = await store.read.select().from(store.t.workspace);
      const verdict = await verifyWorkspace({ store, contexts: workspaceContexts(store) }, workspace!.id);
      expect(verdict.problems).toEqual([]);
      const found = await figuresOf(store);
      for (const { type } of await store.read.selectDistinct({ type: store.t.event.type }).from(store.t.event))
        types.add(type);
      // Once, while it is recorded, the figures are written; from then on they are compared.
      if (process.env["RECORD_FIGURES"] === release) {
        figures[story] = found;
        writeFileSync(said, `${JSON.stringify(figures, null, 2)}\n`);
      } else expect(found).toEqual(figures[story]);
    } finally {
      await store.close();
    }
  });
});

it("holds every type of event but those that are named, and the names become fewer", () => {
  const all = Object.entries(isRecorded);
  expect([...types].filter((type) => !Object.hasOwn(isRecorded, type))).toEqual([]);
  expect(all.filter(([type, recorded]) => recorded !== types.has(type)).map(([type]) => type)).toEqual([]);
});
