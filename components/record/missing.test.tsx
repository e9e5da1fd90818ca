// @vitest-environment happy-dom
import { createTRPCClient, TRPCClientError } from "@trpc/client";
import { observable, type Observer } from "@trpc/server/observable";
import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { IntlProvider } from "use-intl";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import en from "@/messages/en.json";
import { ClientProvider } from "@/components/api.tsx";
import { FormatProvider } from "@/components/ui/locale.tsx";
import type { AppRouter } from "@/server/api/router.ts";
import { Missing } from "./missing.tsx";
import type { RecordView } from "./record-screen.tsx";

type Part = RecordView["runs"][number]["where"][number]["parts"][number];
type Asked = { input: unknown; answer: (version: number) => Promise<void>; refuse: (text: string) => Promise<void> };

/** What was asked of the server and how to answer it: its answers come when the test says so. */
let asked: Asked[];
let root: Root;
let closed: number;
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  asked = [];
  closed = 0;
  root = createRoot(document.body.appendChild(document.createElement("main")));
});
afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
});

const text = (name: string, label: string): Part => ({
  kind: "field",
  words: null,
  text: "",
  wants: null,
  record: null,
  atLeast: null,
  fields: [
    {
      path: `lead.${name}`,
      label,
      value: null,
      fix: {
        name,
        label,
        type: "text",
        options: null,
        derived: false,
        to: null,
        scale: null,
        recordId: "rec_1",
        version: 3,
        stored: null,
        currency: null,
      },
      sources: [],
    },
  ],
});

/** The form of a stage that waits for what it asks for. */
const asks = (parts = [text("title", "Job title"), text("persona", "Persona")]) => {
  const client = createTRPCClient<AppRouter>({
    links: [
      () =>
        ({ op }) =>
          observable((observer: Observer<never, TRPCClientError<never>>) => {
            asked.push({
              input: op.input,
              answer: (version) =>
                act(async () => {
                  observer.next({ result: { type: "data", data: { ok: true, version } } } as never);
                  observer.complete();
                }),
              refuse: (text) => act(async () => observer.error(new TRPCClientError(text))),
            });
          }),
    ],
  });
  const nowhere = () => {};
  return act(async () =>
    root.render(
      <AppRouterContext value={{ refresh: nowhere } as never}>
        <IntlProvider locale="en" messages={en} timeZone="UTC">
          <FormatProvider locale="en" zone="UTC" now={0}>
            <ClientProvider value={client}>
              <Missing
                step={null}
                parts={parts}
                also={{
                  recordId: "rec_1",
                  seen: 3,
                  values: { stage: "sal" },
                  label: "Save as SAL",
                  onSaved: () => void (closed += 1),
                  onRefused: () => {},
                }}
              />
            </ClientProvider>
          </FormatProvider>
        </IntlProvider>
      </AppRouterContext>,
    ),
  );
};

const field = (label: string): HTMLInputElement => {
  const found = [...document.querySelectorAll("label")].find((one) => one.textContent?.startsWith(label));
  return document.getElementById(found?.htmlFor ?? "") as HTMLInputElement;
};
const type = (label: string, value: string) =>
  act(async () => {
    const input = field(label);
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
/** As a browser does: the form's own button is pressed, and one that is switched off does nothing. */
const enter = () =>
  act(async () => {
    const button = document.querySelector<HTMLButtonElement>("button[type=submit]");
    if (button && !button.disabled) button.form?.requestSubmit();
  });
const sent = () => asked.map(({ input }) => input);

describe("a stage that waits for what it asks for, filled in while it is being saved", () => {
  it("sends what was typed and entered meanwhile once the first was refused", async () => {
    await asks();
    await type("Job title", "Buyer");
    await enter();
    await type("Persona", "Economic buyer");
    await enter();
    await enter();
    expect(asked).toHaveLength(1);
    await asked[0]?.refuse("“Work it” asks for more first; nothing was saved.");
    expect(sent()).toEqual([
      { id: "rec_1", values: { title: "Buyer", stage: "sal" }, seen: 3 },
      { id: "rec_1", values: { title: "Buyer", persona: "Economic buyer", stage: "sal" }, seen: 3 },
    ]);
    await asked[1]?.answer(4);
    expect(closed).toBe(1);
    expect(asked).toHaveLength(2);
  });

  it("sends the rest on its own once the first was saved, on what that made of the record", async () => {
    await asks();
    await type("Job title", "Buyer");
    await enter();
    await type("Persona", "Economic buyer");
    await enter();
    await asked[0]?.answer(4);
    expect(closed).toBe(0);
    expect(sent()[1]).toEqual({ id: "rec_1", values: { persona: "Economic buyer" }, seen: 4 });
    await asked[1]?.answer(5);
    expect(closed).toBe(1);
  });

  it("does not send the same twice when Enter is pressed again", async () => {
    await asks();
    await type("Job title", "Buyer");
    await enter();
    await enter();
    await asked[0]?.refuse("“Work it” asks for more first; nothing was saved.");
    expect(asked).toHaveLength(1);
    expect(field("Job title").value).toBe("Buyer");
  });

  it("stays open with what was typed and not entered, and says so", async () => {
    await asks();
    await type("Job title", "Buyer");
    await enter();
    await type("Persona", "Econ");
    await asked[0]?.answer(4);
    expect(closed).toBe(0);
    expect(document.querySelector("[role=status]")?.textContent).toBe(
      "Saved, except for what you typed in the meantime. Save it too, or leave.",
    );
    // The stage is there, so nothing is missing any more.
    await asks([]);
    expect(field("Persona").value).toBe("Econ");
    await type("Persona", "Economic buyer");
    await enter();
    expect(sent()[1]).toEqual({ id: "rec_1", values: { persona: "Economic buyer" }, seen: 4 });
    await asked[1]?.answer(5);
    expect(closed).toBe(1);
  });
});
