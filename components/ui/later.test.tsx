// @vitest-environment happy-dom
import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { IntlProvider } from "use-intl";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import en from "@/messages/en.json";
import { laterDialog } from "./dialog.tsx";
import { later } from "./later.ts";

let root: Root;
let idle: (() => void)[];
beforeEach(() => {
  vi.useFakeTimers();
  idle = [];
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  Object.assign(window, {
    requestIdleCallback: (work: () => void) => idle.push(work),
    cancelIdleCallback: (asked: number) => void idle.splice(asked - 1, 1),
  });
  root = createRoot(document.body.appendChild(document.createElement("main")));
});
afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  vi.useRealTimers();
});

const draw = (what: React.ReactNode) =>
  act(async () =>
    root.render(
      <IntlProvider locale="en" messages={en} timeZone="UTC">
        {what}
      </IntlProvider>,
    ),
  );

describe("what comes later", () => {
  it("comes when the browser is idle, and is drawn in the first render after", async () => {
    const load = vi.fn(() => Promise.resolve("here"));
    const part = later(load);
    const Shown = ({ wanted }: { wanted: boolean }) => part.use(wanted);
    await draw(<Shown wanted={false} />);
    expect(load).not.toHaveBeenCalled();
    await act(async () => idle[0]?.());
    expect(document.body.textContent).toBe("here");
    await draw([<Shown key="1" wanted={false} />, <Shown key="2" wanted />]);
    expect(document.body.textContent).toBe("herehere");
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("is asked for again when the connection kept it away", async () => {
    const load = vi.fn(() => Promise.resolve("here")).mockRejectedValueOnce(new Error("offline"));
    const part = later(load);
    const Shown = () => part.use(true);
    await draw(<Shown />);
    expect(document.body.textContent).toBe("");
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(document.body.textContent).toBe("here");
  });
});

describe("a dialog that is not there yet", () => {
  it("has the focus meanwhile, closes with Escape, and leaves the focus where it was", async () => {
    let come = () => {};
    const Waited = laterDialog<{ open: boolean; onClose: () => void }>(
      () => new Promise((there) => (come = () => there(({ open }) => open && <p>the dialog</p>))),
    );
    const Page = () => {
      const [open, setOpen] = useState(false);
      return (
        <>
          <button type="button" onClick={() => setOpen(true)}>
            Open
          </button>
          <Waited open={open} onClose={() => setOpen(false)} />
        </>
      );
    };
    await draw(<Page />);
    const button = document.querySelector("button")!;
    button.focus();
    await act(async () => button.click());
    expect(document.activeElement?.getAttribute("role")).toBe("dialog");
    await act(async () =>
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })),
    );
    expect(document.activeElement).toBe(button);
    await act(async () => button.click());
    await act(async () => come());
    expect(document.body.textContent).toContain("the dialog");
    expect(document.querySelector("[role=dialog]")).toBeNull();
    expect(document.activeElement).toBe(button);
  });
});
