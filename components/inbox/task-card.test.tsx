// @vitest-environment happy-dom
import { createTRPCClient } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { IntlProvider } from "use-intl";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import en from "@/messages/en.json";
import { ClientProvider } from "@/components/api.tsx";
import { FormatProvider } from "@/components/ui/locale.tsx";
import type { AppRouter } from "@/server/api/router.ts";
import type { StepCard } from "@/server/inbox/read-card.ts";
import { TaskCard } from "./task-card.tsx";

/** A task that asks for the job title, which was known before. */
const card: NonNullable<StepCard> = {
  id: "run_1.w1",
  runId: "run_1",
  work: "w1",
  title: "Work it",
  kind: "task",
  process: "accept",
  processName: "Accept",
  record: { id: "rec_1", type: "lead", title: "Lotus", account: null },
  amount: null,
  valueAtRisk: null,
  assignee: "mem_lan",
  dueAt: null,
  leftMs: null,
  offeredAt: 0,
  snoozedUntil: null,
  blockedReason: null,
  rank: { status: "none", lossPerHour: 0, band: 0 },
  split: "now",
  completedAt: null,
  outcome: null,
  rev: 1,
  version: 1,
  state: "assigned",
  open: true,
  approval: false,
  asked: null,
  role: "Rep",
  mine: true,
  assigneeName: "Lan",
  completedByName: null,
  guidance: null,
  checklist: [],
  fields: [
    {
      name: "title",
      label: "Job title",
      type: "text",
      options: null,
      derived: false,
      to: null,
      scale: null,
      path: "lead.title",
      value: "Buyer",
      required: true,
      requiredWhen: null,
      readOnly: false,
      help: null,
      currency: null,
    },
  ],
  outcomeField: null,
  outcomes: [{ value: null, label: "Done", primary: true }],
  next: [],
  path: [],
  clocks: [],
  recordFields: [],
  recordOwner: null,
  baseCurrency: "USD",
  recordCurrency: "USD",
  activity: [],
};

let root: Root;
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  root = createRoot(document.body.appendChild(document.createElement("main")));
});
afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
});

describe("the form of a task", () => {
  it("lets a field that was filled be emptied, and asks for it again", async () => {
    const client = createTRPCClient<AppRouter>({ links: [() => () => observable(() => {})] });
    const nothing = () => {};
    let finished = 0;
    await act(async () =>
      root.render(
        <IntlProvider locale="en" messages={en} timeZone="UTC">
          <FormatProvider locale="en" zone="UTC" now={0}>
            <ClientProvider value={client}>
              <TaskCard
                card={card}
                currency="USD"
                ref={null}
                typed={new Map()}
                place={{ at: 1, of: 1 }}
                focused={false}
                onFocus={nothing}
                onRecord={nothing}
                onBack={nothing}
                onChanged={nothing}
                onComplete={async () => void (finished += 1)}
              />
            </ClientProvider>
          </FormatProvider>
        </IntlProvider>,
      ),
    );
    const title = document.querySelector<HTMLInputElement>("[data-path='lead.title'] input");
    expect(title?.value).toBe("Buyer");
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(title, "");
      title?.dispatchEvent(new Event("input", { bubbles: true }));
    });
    expect(title?.value).toBe("");
    const done = [...document.querySelectorAll("button")].find((one) => one.textContent?.startsWith("Done"));
    await act(async () => done?.click());
    expect(finished).toBe(0);
    expect(title?.getAttribute("aria-invalid")).toBe("true");
  });
});
