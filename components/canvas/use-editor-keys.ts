"use client";
/** Every key of the editor in one place. What each does is handed in, so that menus and buttons do the same. */
import { useEffect, useEffectEvent } from "react";
import type { Direction } from "./walk.ts";

export type KeyActs = {
  walk(direction: Direction, extend: boolean): void;
  nudge(dx: number, dy: number): void;
  addAfter(): void;
  addInside(): void;
  addBefore(): void;
  connect(): void;
  edit(): void;
  nextUnnamed(): void;
  remove(): void;
  duplicate(): void;
  chooseAll(): void;
  group(): void;
  undo(): void;
  redo(): void;
  find(): void;
  tidy(): void;
  nextProblem(): void;
  nextRegion(back: boolean): void;
  view(): void;
  zoom(how: "in" | "out" | "whole" | "fit" | "chosen"): void;
  leave(): void;
  copy(): string | null;
  cut(): string | null;
  paste(text: string): void;
};

const directions: Record<string, Direction> = {
  ArrowRight: "right",
  ArrowLeft: "left",
  ArrowDown: "down",
  ArrowUp: "up",
};

export function useEditorKeys(acts: KeyActs) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!event.isComposing && act(event, acts)) event.preventDefault();
  });
  const onCopy = useEffectEvent((event: ClipboardEvent) => {
    if (isWriting(event.target) || window.getSelection()?.toString()) return;
    const text = event.type === "cut" ? acts.cut() : acts.copy();
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  });
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text/plain");
    if (isWriting(event.target) || !text) return;
    acts.paste(text);
    event.preventDefault();
  });
  useEffect(() => {
    const key = (event: KeyboardEvent) => onKey(event);
    const copy = (event: ClipboardEvent) => onCopy(event);
    const paste = (event: ClipboardEvent) => onPaste(event);
    window.addEventListener("keydown", key);
    window.addEventListener("copy", copy);
    window.addEventListener("cut", copy);
    window.addEventListener("paste", paste);
    return () => {
      window.removeEventListener("keydown", key);
      window.removeEventListener("copy", copy);
      window.removeEventListener("cut", copy);
      window.removeEventListener("paste", paste);
    };
  }, []);
}

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, [contenteditable=true], [role=dialog]") !== null;

/** True when the key was ours. */
function act(event: KeyboardEvent, acts: KeyActs): boolean {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (target.closest("[role=dialog]")) return false;
  if (command && key === "Enter") return (acts.nextUnnamed(), true);
  if (key === "F8") return (acts.nextProblem(), true);
  if (key === "F6") return (acts.nextRegion(event.shiftKey), true);
  if (command && key === "f") return (acts.find(), true);
  if (key === "Escape" && !target.closest("[role=search]")) return (acts.leave(), true);
  if (isWriting(target)) return false;
  if (event.shiftKey && event.altKey && event.code === "KeyT") return (acts.tidy(), true);
  if (command && (key === "y" || (key === "z" && event.shiftKey))) return (acts.redo(), true);
  if (command && key === "z") return (acts.undo(), true);
  if (target.closest("aside, [role=search]")) return false;
  if (command && key === "d") return (acts.duplicate(), true);
  if (command && key === "g") return (acts.group(), true);
  if (command && key === "a") return (acts.chooseAll(), true);
  if (command) return false;
  // Keys that are also the browser's own count only on the map or in the outline.
  const onMap =
    target === document.body || target.id === "main" || target.closest(".react-flow, [data-outline]") !== null;
  const onStep = target.closest(".react-flow__node, [data-row]") === target;
  const direction = directions[key];
  if (direction && onMap) {
    if (!event.altKey) return (acts.walk(direction, event.shiftKey), true);
    const far = event.shiftKey ? 40 : 8;
    const [dx, dy] = { right: [1, 0], left: [-1, 0], down: [0, 1], up: [0, -1] }[direction] as [number, number];
    return (acts.nudge(dx * far, dy * far), true);
  }
  if (event.altKey) return false;
  if (key === "Tab" && onStep) return (event.shiftKey ? acts.addBefore() : acts.addAfter(), true);
  if ((key === "Delete" || key === "Backspace") && onMap) return (acts.remove(), true);
  if ((key === "Enter" && onStep) || key === "F2") return (acts.edit(), true);
  switch (key) {
    case "a":
      return (acts.addAfter(), true);
    case "i":
      return (acts.addInside(), true);
    case "c":
      return (acts.connect(), true);
    case "m":
      return (acts.view(), true);
    case "+":
    case "=":
      return (acts.zoom("in"), true);
    case "-":
      return (acts.zoom("out"), true);
    case "0":
      return (acts.zoom("whole"), true);
    case "1":
      return (acts.zoom("fit"), true);
    case "2":
      return (acts.zoom("chosen"), true);
    default:
      return false;
  }
}
