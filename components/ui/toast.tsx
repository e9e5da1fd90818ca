"use client";
import { createElement } from "react";
import { later } from "./later.ts";
import type { Note } from "./toasts-shown.tsx";

type Say = (text: string, options?: Note["options"]) => void;

const shown = later(() => import("./toasts-shown.tsx").then((m) => m.ToastsShown));
/** Said before there is a place to show it. */
const waiting: Note[] = [];
let show: ((note: Note) => void) | null = null;

const say =
  (kind: Note["kind"]): Say =>
  (text, options) => {
    const note = { kind, text, options };
    if (show) return show(note);
    waiting.push(note);
    shown.fetch();
  };

/** Says something at the foot of the page for ten seconds. */
export const toast: Say & Record<"success" | "error" | "warning", Say> = Object.assign(say("plain"), {
  success: say("success"),
  error: say("error"),
  warning: say("warning"),
});

/** Where it is said: once a page. What shows it comes after the first picture. */
export function Toasts() {
  const Shown = shown.use(false);
  return Shown && createElement(Shown, { onReady: takeOver });
}

function takeOver(ready: (note: Note) => void) {
  show = ready;
  for (const note of waiting.splice(0)) ready(note);
  return () => {
    show = null;
  };
}
