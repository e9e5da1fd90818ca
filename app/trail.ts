/** Where a page is: from its section down to itself. Sections and their own screens need none: the navigation shows them. */
import en from "@/messages/en.json";
import vi from "@/messages/vi.json";
import type { Crumb } from "@/components/shell/crumbs.tsx";
import { readState, writeState } from "@/components/reports/report-state.ts";
import { preferences } from "./preferences.ts";
import { readBatch, readImport, readProcess, readQueues, readRecord, readRecordTypes, readReported } from "./reads.ts";

type Query = Record<string, string | string[] | undefined>;
const one = (query: Query, name: string): string | undefined =>
  typeof query[name] === "string" ? query[name] : undefined;

/** Null where there is nothing to lead back to, or nothing there. `path`: the address in parts, as it stands in it. */
export async function trailOf(path: readonly string[], query: Query): Promise<Crumb[] | null> {
  const words = (await preferences()).locale === "vi" ? vi : en;
  const section = (id: "records" | "processes" | "operate" | "imports" | "reports" | "settings"): Crumb => ({
    name: words.shell[id],
    href: `/${id}`,
  });
  const [first, id = "", last] = path.map(decoded);
  switch (first) {
    case "records":
      return id ? recordTrail(section("records"), id, last === "then" ? words.titles.then : null) : null;
    case "processes": {
      const process = id ? await readProcess(id, one(query, "v")) : null;
      if (!process) return null;
      const screens: Record<string, string> = {
        edit: words.titles.editor,
        migrate: words.titles.migrate,
        versions: words.titles.versions,
      };
      const screen = last && screens[last];
      return [
        section("processes"),
        { name: process.name, href: `/processes/${id}` },
        ...(screen ? [{ name: screen, href: null }] : []),
      ];
    }
    case "reports": {
      // A report chooses its process itself; what is looked at in it has a way back.
      const state = readState(query);
      const process = state.sel ? (await readReported()).find((report) => report.id === id) : null;
      if (!process || !state.sel) return null;
      const steps = (await readProcess(id))?.document?.nodes ?? [];
      const step = steps.find((node) => node.id === state.sel);
      const name = step?.name || state.sel;
      return [
        section("reports"),
        { name: process.name, href: `/reports/${id}${writeState({ ...state, sel: null })}` },
        { name, href: null },
      ];
    }
    case "operate": {
      const tabs: Record<string, string> = words.operate.tabs;
      const tab = tabs[id];
      if (!tab) return null;
      const batch = id === "batches" && last ? await readBatch(last) : null;
      const verbs: Record<string, string> = words.operate.batch.verbs;
      return [
        section("operate"),
        { name: tab, href: `/operate/${id}` },
        ...(batch ? [{ name: verbs[batch.kind] ?? batch.kind, href: null }] : []),
      ];
    }
    case "imports": {
      const shown = one(query, "id");
      const found = shown && /^[\w-]{1,80}$/.test(shown) ? await readImport(shown) : null;
      return found ? [section("imports"), { name: found.fileName.replace(/^.*[\\/]/, ""), href: null }] : null;
    }
    case "settings": {
      const sections: Record<string, string> = words.settings.sections;
      const name = sections[id === "api-keys" ? "keys" : id];
      if (!name) return null;
      const queue = id === "queues" && last ? (await readQueues()).find(({ key }) => key === last) : null;
      return [
        section("settings"),
        { name, href: `/settings/${id}` },
        ...(queue ? [{ name: queue.name, href: null }] : []),
      ];
    }
    default:
      return null;
  }
}

async function recordTrail(records: Crumb, id: string, screen: string | null): Promise<Crumb[] | null> {
  const record = await readRecord(id);
  if (!record) return null;
  const type = (await readRecordTypes()).find(({ key }) => key === record.type);
  return [
    records,
    ...(type ? [{ name: type.plural, href: `/records?type=${record.type}` }] : []),
    { name: record.title, href: `/records/${id}` },
    ...(screen ? [{ name: screen, href: null }] : []),
  ];
}

/** As it is meant; an address that is none is left as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
