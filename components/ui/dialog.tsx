"use client";
import { type ComponentType, createElement, useEffect, useEffectEvent } from "react";
import { useTranslations } from "use-intl";
import type { WindowProps } from "./dialog-window.tsx";
import { later } from "./later.ts";

type Opening = { open: boolean; onClose: () => void };

/** A dialog whose code comes after the first picture. Opened before it is there, the page is covered already and hears no key. */
export function laterDialog<Props extends Opening>(load: () => Promise<ComponentType<Props>>) {
  const part = later(load);
  return function LaterDialog(props: Props) {
    const There = part.use(props.open);
    if (There) return createElement(There, props);
    return props.open ? <Coming onClose={props.onClose} /> : null;
  };
}

/** A window over the page. Focus goes in, and back to what opened it. */
export const Dialog = laterDialog<WindowProps>(() => import("./dialog-window.tsx").then((m) => m.DialogWindow));

/** Has the focus, so that no key acts on the page below, and gives it back for the dialog to take it from there. */
function Coming({ onClose }: { onClose: () => void }) {
  const t = useTranslations("common");
  const onKey = useEffectEvent((event: KeyboardEvent) => event.key === "Escape" && onClose());
  useEffect(() => {
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div
      ref={borrowFocus}
      role="dialog"
      aria-modal
      aria-label={t("loading")}
      tabIndex={-1}
      className="late fixed inset-0 z-50 grid place-items-center bg-black/30 outline-none"
    >
      <p role="status" className="rounded-lg border border-line bg-surface px-4 py-3 text-sm shadow-overlay">
        {t("loading")}
      </p>
    </div>
  );
}

function borrowFocus(place: HTMLElement | null) {
  const before = document.activeElement;
  place?.focus();
  return () => {
    if (before instanceof HTMLElement) before.focus();
  };
}
