"use client";
import { useLayoutEffect, useRef, useState } from "react";
import { useAct } from "./use-act.ts";

export type Saving<Values, Made> = {
  /** What the form says; null where that cannot be saved. */
  read: (form: FormData) => Values | null;
  /** Saves it. `made`: what the sending before this one answered; a thing that was made by then is changed, not made again. */
  send: (values: Values, made: Made | null) => Promise<Made>;
  /** What is said of it then. */
  said: (values: Values, made: Made | null) => string;
  /** All that the form says is saved. */
  done?: (values: Values) => void;
};

/**
 * A form that is closed when it is saved, and into which one types on meanwhile: what differs by then stays, and Enter pressed
 * meanwhile saves it when the answer is there. Nothing is sent twice.
 */
export function useSaving<Values, Made>(
  saving: Saving<Values, Made>,
): { busy: boolean; made: Made | null; submit: (event: React.FormEvent<HTMLFormElement>) => void } {
  const { busy, act } = useAct();
  const [made, setMade] = useState<Made | null>(null);
  const latest = useRef(saving);
  useLayoutEffect(() => {
    latest.current = saving;
  });
  const known = useRef<Made | null>(null);
  const under = useRef(false);
  const again = useRef(false);
  async function all(form: HTMLFormElement) {
    const read = () => latest.current.read(new FormData(form));
    for (let values = read(); values !== null; ) {
      again.current = false;
      const sent = values;
      const { send, said } = latest.current;
      const before = known.current;
      const ok = await act(
        async () => {
          known.current = await send(sent, before);
          setMade(known.current);
        },
        said(sent, before),
      );
      values = read();
      const same = JSON.stringify(values) === JSON.stringify(sent);
      if (ok && same) return latest.current.done?.(sent);
      // What was changed once more after Enter may not be complete: then it stays to be seen.
      if (same || !again.current || !form.checkValidity()) return;
    }
  }
  return {
    busy,
    made,
    submit(event) {
      event.preventDefault();
      if (under.current) {
        again.current = true;
        return;
      }
      under.current = true;
      void all(event.currentTarget).finally(() => {
        under.current = false;
      });
    },
  };
}
