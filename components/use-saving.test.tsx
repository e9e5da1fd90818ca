// @vitest-environment happy-dom
/** A form that is being saved takes what is typed on, and Enter. */
import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SaveButton } from "./ui/save-button.tsx";
import { useSaving } from "./use-saving.ts";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => {} }) }));

let root: Root;
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  root = createRoot(document.body.appendChild(document.createElement("main")));
});
afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
});

type Sent = { values: { name: string; city: string }; made: string | null };

/** A name kept in state and a city kept by the form; each saving is answered by hand. */
async function opened() {
  const sent: Sent[] = [];
  const closed: string[] = [];
  const answers: ((answer: "ok" | "no") => void)[] = [];
  function Form() {
    const [name, setName] = useState("Lotus");
    const { busy, made, submit } = useSaving<Sent["values"], string>({
      read: (form) => ({ name, city: String(form.get("city") ?? "") }),
      send: (values, before) => {
        sent.push({ values, made: before });
        return new Promise((done, failed) =>
          answers.push((answer) => (answer === "ok" ? done(before ?? "team_1") : failed(new Error("no")))),
        );
      },
      said: ({ name: saved }) => saved,
      done: ({ name: saved }) => closed.push(saved),
    });
    return (
      <form onSubmit={submit} data-made={made ?? ""}>
        <input name="name" required value={name} onChange={(event) => setName(event.target.value)} />
        <input name="city" required defaultValue="Hanoi" />
        <SaveButton busy={busy}>Save</SaveButton>
      </form>
    );
  }
  await act(async () => root.render(<Form />));
  const form = document.querySelector("form")!;
  const field = (name: string) => form.querySelector<HTMLInputElement>(`[name=${name}]`)!;
  return {
    sent,
    closed,
    made: () => form.dataset.made,
    type: (name: string, value: string) =>
      act(async () => {
        const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
        setter.call(field(name), value);
        field(name).dispatchEvent(new Event("input", { bubbles: true }));
      }),
    /** As a browser does it: through the button, if that is not switched off. */
    enter: () => act(async () => form.querySelector("button")!.click()),
    answer: (answer: "ok" | "no") => act(async () => answers.shift()!(answer)),
  };
}

it("that is saved as it stands is closed, however often Enter was pressed", async () => {
  const { sent, closed, enter, answer } = await opened();
  await enter();
  await enter();
  await answer("ok");
  expect(sent).toEqual([{ values: { name: "Lotus", city: "Hanoi" }, made: null }]);
  expect(closed).toEqual(["Lotus"]);
});

it("stays open with what was typed meanwhile, and the next Enter changes what was made", async () => {
  const { sent, closed, enter, answer, type, made } = await opened();
  await enter();
  await type("city", "Huế");
  await answer("ok");
  expect([closed, made()]).toEqual([[], "team_1"]);
  await enter();
  await answer("ok");
  expect(sent[1]).toEqual({ values: { name: "Lotus", city: "Huế" }, made: "team_1" });
  expect(closed).toEqual(["Lotus"]);
});

it("saves by itself what was typed and entered meanwhile, also after a refusal", async () => {
  const { sent, closed, enter, answer, type } = await opened();
  await enter();
  await type("name", "Orchid");
  await enter();
  await answer("no");
  await answer("ok");
  expect(sent.map(({ values }) => values.name)).toEqual(["Lotus", "Orchid"]);
  expect(closed).toEqual(["Orchid"]);
});

it("is not sent where it is no longer complete, nor twice where nothing was changed since it was refused", async () => {
  const { sent, closed, enter, answer, type } = await opened();
  await enter();
  await enter();
  await answer("no");
  expect(sent).toHaveLength(1);
  await enter();
  await type("name", "Orchid");
  await enter();
  await type("name", "");
  await answer("ok");
  expect([sent.length, closed]).toEqual([2, []]);
});
