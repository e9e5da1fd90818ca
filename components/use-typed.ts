"use client";
import { useRef, useState } from "react";

/** What is typed and not saved, by field. */
export type Typed<T = unknown> = Readonly<Record<string, T>>;
/** Saves these. `saved`: part of them is saved already, whatever becomes of the rest. */
type Send<T> = (values: Typed<T>, saved: (part: Typed<T>) => void) => Promise<unknown>;

/** Of what is typed, what differs from what was sent. */
const unsent = <T>(typed: Typed<T>, sent: Typed<T>): Typed<T> =>
  Object.fromEntries(
    Object.entries(typed).filter(([field, value]) => !Object.hasOwn(sent, field) || !Object.is(sent[field], value)),
  );

/**
 * What is typed into a form, which is saved while one types on: what is saved leaves it, what was typed meanwhile stays. Saving
 * that is asked for meanwhile is done when the answer is there, and only if something was typed since: nothing is sent twice.
 */
export function useTyped<T = unknown>(): {
  typed: Typed<T>;
  type: (field: string, value: T) => void;
  /** Not saved after all. */
  forget: () => void;
  /**
   * Answers, when all that was asked for is saved, what has been typed since; throws what the last sending was refused with.
   * Null while something is being saved: it is taken then.
   */
  save: (send: Send<T>) => Promise<Typed<T>> | null;
} {
  const [typed, setTyped] = useState<Typed<T>>({});
  // Ahead of what is drawn: an answer may come between a key and its picture.
  const now = useRef(typed);
  const saving = useRef(false);
  const again = useRef(false);
  function become(next: Typed<T>) {
    now.current = next;
    setTyped(next);
  }
  async function all(send: Send<T>): Promise<Typed<T>> {
    saving.current = true;
    const saved = (part: Typed<T>) => become(unsent(now.current, part));
    try {
      for (;;) {
        const sent = now.current;
        again.current = false;
        try {
          await send(sent, saved);
          saved(sent);
        } catch (error) {
          if (!asked(sent)) throw error;
          continue;
        }
        if (!asked(sent)) return now.current;
      }
    } finally {
      saving.current = false;
    }
  }
  const asked = (sent: Typed<T>) => again.current && Object.keys(unsent(now.current, sent)).length > 0;
  return {
    typed,
    type: (field, value) => become({ ...now.current, [field]: value }),
    forget: () => become({}),
    save(send) {
      if (!saving.current) return all(send);
      again.current = true;
      return null;
    },
  };
}
