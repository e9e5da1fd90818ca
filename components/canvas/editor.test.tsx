// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { IntlProvider } from "use-intl";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import en from "@/messages/en.json";
import vi from "@/messages/vi.json";
import { ClientProvider } from "@/components/api.tsx";
import { FormatProvider } from "@/components/ui/locale.tsx";
import type { AppRouter } from "@/server/api/router.ts";
import { editorChoices } from "@/server/api/routers/editor-choices.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";
import { Editor } from "./editor.tsx";

let process: Process;
let root: Root | null = null;
const complaints: string[] = [];

beforeAll(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  process = (await readShippedTemplate("opportunity_to_close"))!;
});
afterEach(async () => {
  await act(async () => root?.unmount());
  document.body.replaceChildren();
  complaints.length = 0;
});

/** One of everything that control flow has. */
const everything: Process = processSchema.parse({
  key: "all",
  name: "Everything",
  recordType: "quote",
  related: { opportunity: { path: "quote.opportunity_id" } },
  reentry: { after: "30d" },
  keepMessages: "3d",
  roles: { ae: { name: "Account executive" } },
  variables: { size: { type: "integer" } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "ways", kind: "inclusive", name: "Which ways?" },
    {
      id: "each",
      kind: "for_each",
      name: "Each line",
      config: { over: "list", list: "[1, 2]", as: "line", mode: "sequential", completeWhen: "loop.done >= 1" },
    },
    {
      id: "ask",
      kind: "task",
      name: "Ask",
      role: "ae",
      in: "each",
      compensate: [{ verb: "log", text: "taken back" }],
      boundary: [
        { id: "late_t", kind: "timer", after: "1d", interrupting: false, repeat: true },
        { id: "failed", kind: "error", code: "refused" },
        { id: "word", kind: "message", event: "quote.signed", correlate: "line" },
        { id: "moved", kind: "record_changed", when: 'quote.status = "sent"' },
      ],
    },
    { id: "asked", kind: "end", name: "Asked", in: "each", config: { outcome: "success" } },
    { id: "inner", kind: "subprocess", name: "Inside", config: { process: "", record: "same", inline: true } },
    { id: "undo", kind: "automation", name: "Undo", in: "inner", actions: [{ verb: "compensate", node: "ask" }] },
    { id: "undone", kind: "end", name: "Undone", in: "inner", config: { error: "refused" } },
    {
      id: "call",
      kind: "subprocess",
      name: "Other",
      multiMerge: true,
      config: {
        process: "other",
        record: "same",
        version: 1,
        input: { size: "1" },
        output: { "run.size": "child.size" },
      },
    },
    {
      id: "first",
      kind: "wait",
      name: "First",
      config: {
        for: "first",
        transient: true,
        output: { "run.size": "message.size" },
        branches: [
          { id: "a", for: "event", event: "quote.signed", correlate: "run.size" },
          { id: "b", for: "condition", condition: "run.size > 3" },
          { id: "c", for: "duration", duration: "2bd" },
          { id: "d", for: "date", until: "quote.valid_until" },
        ],
      },
    },
    { id: "meet", kind: "join", name: "Meet", config: { mode: "taken" } },
    { id: "some", kind: "join", name: "Some", config: { mode: "n_of_m", count: 1, cancelRest: true } },
    { id: "won", kind: "end", name: "Won", config: { outcome: "success", goal: "run.size > 9" } },
    { id: "lost", kind: "end", name: "Lost", config: { outcome: "negative", terminate: true } },
    { id: "signed", kind: "end", name: "Signed", config: { goalEvent: "quote.signed" } },
  ],
  edges: [
    { id: "e1", from: "start", to: "ways" },
    { id: "e2", from: "ways", to: "each", when: "run.size > 1" },
    { id: "e3", from: "ways", to: "inner", otherwise: true },
    { id: "e4", from: "ask", to: "asked" },
    { id: "e5", from: "undo", to: "undone" },
    { id: "e6", from: "each", to: "meet" },
    { id: "e7", from: "inner", to: "meet" },
    { id: "e8", from: "meet", to: "call", rework: true, cap: 3 },
    { id: "e9", from: "call", to: "first" },
    { id: "e10", from: "first", to: "some", port: "a" },
    { id: "e11", from: "some", to: "won" },
    { id: "e12", from: "first", to: "lost", port: "b" },
  ],
});

const nowhere = () => {};
const router = {
  push: nowhere,
  replace: nowhere,
  refresh: nowhere,
  back: nowhere,
  forward: nowhere,
  prefetch: nowhere,
};

async function open(locale: "en" | "vi" = "en", view: "map" | "outline" = "outline", drawn = process) {
  // A server that never answers: what is saved and when would else be said between the keys of a slow machine.
  const client = createTRPCClient<AppRouter>({ links: [() => () => observable(() => {})] });
  const queries = new QueryClient();
  const place = document.createElement("main");
  place.id = "main";
  document.body.append(place);
  root = createRoot(place);
  await act(async () =>
    root?.render(
      <AppRouterContext value={router as never}>
        <IntlProvider
          locale={locale}
          messages={locale === "en" ? en : vi}
          timeZone="UTC"
          onError={(error) => complaints.push(error.message)}
        >
          <FormatProvider locale={locale} zone="UTC" now={1_750_000_000_000}>
            <QueryClientProvider client={queries}>
              <ClientProvider value={client}>
                <Editor
                  view={view}
                  select={null}
                  choices={editorChoices(
                    locale,
                    {},
                    [{ key: "other", name: "Other", recordType: "account", versions: [2, 1], variables: ["size"] }],
                    [
                      { key: "crm", name: "CRM", kind: "api", operations: ["look"] },
                      { key: "team", name: "Team chat", kind: "chat", operations: [] },
                    ],
                  )}
                  opened={{
                    id: "prc_1",
                    key: process.key,
                    liveVersion: 3,
                    document: drawn,
                    live: drawn,
                    revision: 0,
                    baseVersion: 3,
                    savedAt: null,
                    problems: [],
                    changes: [],
                    wip: { qualify: 4 },
                    others: [{ memberId: "mem_minh", name: "Minh", savedAt: 1_749_990_000_000, changes: 3 }],
                  }}
                />
              </ClientProvider>
            </QueryClientProvider>
          </FormatProvider>
        </IntlProvider>
      </AppRouterContext>,
    ),
  );
}
/** What comes after the first picture has come. */
async function whole() {
  for (let i = 0; i < 100 && (!document.querySelector("aside") || rows().length === 0); i++)
    await act(() => new Promise((done) => setTimeout(done, 20)));
}
const press = (key: string, more: KeyboardEventInit = {}) =>
  act(async () => {
    (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
    );
  });
const click = (element: Element | null | undefined) =>
  act(async () => {
    if (!(element instanceof HTMLElement)) throw new Error("there is nothing to press");
    element.click();
  });
const rows = () => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const said = () => document.querySelector("p[aria-live=polite]")?.textContent ?? "";
const title = () => document.querySelector<HTMLInputElement>("aside input")?.value;

describe("the editor", () => {
  it.each(["en", "vi"] as const)(
    "draws every step, and every tab of each kind, with no word missing in %s",
    async (locale) => {
      await open(locale);
      await whole();
      expect(rows()).toHaveLength(process.nodes.length);
      for (const row of rows()) {
        await click(row);
        for (const tab of document.querySelectorAll("aside [role=tab]")) await click(tab);
      }
      await press("Escape");
      expect(document.querySelectorAll("aside [role=tab]")).toHaveLength(5);
      for (const tab of document.querySelectorAll("aside [role=tab]")) await click(tab);
      expect(complaints).toEqual([]);
    },
  );

  it.each(["en", "vi"] as const)("has a word for everything that control flow can be set to in %s", async (locale) => {
    await open(locale, "outline", everything);
    await whole();
    expect(rows()).toHaveLength(everything.nodes.length);
    expect(
      rows()
        .find((row) => row.dataset.row === "ask")
        ?.getAttribute("aria-level"),
    ).toBe("3");
    for (const row of rows()) {
      await click(row);
      for (const tab of document.querySelectorAll("aside [role=tab]")) await click(tab);
      for (const part of document.querySelectorAll("aside h2 button[aria-expanded=false]")) await click(part);
    }
    expect(complaints).toEqual([]);
  });

  it("takes a problem to the field it is about", async () => {
    await open("en", "outline", {
      ...everything,
      nodes: everything.nodes.map((n) => (n.id === "each" ? { ...n, config: { ...n.config, list: "" } } : n)),
    });
    await whole();
    const row = [...document.querySelectorAll("[data-region=tray] li")].find((li) =>
      li.textContent?.includes("does not say for each of what"),
    );
    await click(row?.querySelector("button"));
    expect(title()).toBe("Each line");
    expect(document.activeElement?.closest("[data-field]")?.getAttribute("data-field")).toBe("config.list");
  });

  it("walks, duplicates, deletes and undoes by key, and says so", async () => {
    await open();
    await whole();
    await press("ArrowRight");
    await press("ArrowRight");
    const second = title();
    await press("d", { ctrlKey: true });
    expect(rows()).toHaveLength(process.nodes.length + 1);
    expect(said()).toBe("Duplicated one step");
    expect(title()).toBe(second);
    await press("Delete");
    expect(rows()).toHaveLength(process.nodes.length);
    await press("z", { ctrlKey: true });
    await press("z", { ctrlKey: true });
    expect(said()).toBe("Undid: Duplicated one step");
    await press("y", { ctrlKey: true });
    expect(rows()).toHaveLength(process.nodes.length + 1);
    expect(said()).toBe("Did again: Duplicated one step");
  });

  it("says who else has a draft", async () => {
    await open();
    await whole();
    expect(document.body.textContent).toContain("Minh has a draft, 3 changes");
  });
});
