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
import type { Process } from "@/server/engine/process.ts";
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

const nowhere = () => {};
const router = {
  push: nowhere,
  replace: nowhere,
  refresh: nowhere,
  back: nowhere,
  forward: nowhere,
  prefetch: nowhere,
};

async function open(locale: "en" | "vi" = "en", view: "map" | "outline" = "outline") {
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
                  choices={editorChoices(locale, {}, [{ key: "other", name: "Other", recordType: "account" }])}
                  opened={{
                    id: "prc_1",
                    key: process.key,
                    liveVersion: 3,
                    document: process,
                    live: process,
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
