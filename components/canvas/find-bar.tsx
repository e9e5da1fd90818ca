"use client";
import { X } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { cn } from "../ui/cn.ts";
import { inputLook } from "../ui/field.tsx";
import { findInDocument } from "./walk.ts";

/** Looks through the whole process; Enter goes to the next place found. */
export function FindBar({ doc, onGo, onClose }: { doc: Process; onGo: (id: string) => void; onClose: () => void }) {
  const t = useTranslations("editor");
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const found = useMemo(() => findInDocument(doc, text), [doc, text]);
  const go = (i: number) => {
    const one = found[i];
    if (!one) return;
    setAt(i);
    onGo(one.id);
  };
  return (
    <div
      role="search"
      aria-label={t("find")}
      className="absolute top-3 right-3 z-10 grid max-h-[70%] w-80 grid-rows-[auto_minmax(0,1fr)] rounded-md border border-line bg-surface shadow-overlay"
    >
      <div className="flex items-center gap-1 p-1.5">
        <input
          autoFocus
          className={inputLook}
          aria-label={t("find")}
          placeholder={t("findPlaceholder")}
          value={text}
          onChange={(e) => {
            setText(e.target.value);
            setAt(-1);
          }}
          onKeyDown={(e) => {
            if (e.nativeEvent.isComposing) return;
            if (e.key === "Escape") onClose();
            else if (e.key === "Enter" && found.length) go((at + (e.shiftKey ? found.length - 1 : 1)) % found.length);
            else return;
            e.preventDefault();
            e.stopPropagation();
          }}
        />
        <button
          type="button"
          aria-label={t("closeFind")}
          title={t("closeFind")}
          className="grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken"
          onClick={onClose}
        >
          <X aria-hidden className="size-4" />
        </button>
      </div>
      {text.trim() && (
        <div className="overflow-auto border-t border-line p-1">
          <p role="status" className="px-2 py-1 text-xs text-ink-3">
            {t("foundCount", { n: found.length })}
          </p>
          <ul>
            {found.map((one, i) => (
              <li key={`${one.id}${one.where}${i}`}>
                <button
                  type="button"
                  onClick={() => go(i)}
                  className={cn(
                    "grid w-full rounded-sm px-2 py-1 text-left hover:bg-sunken",
                    i === at && "bg-accent-soft",
                  )}
                >
                  <span className="truncate text-sm font-medium">{one.step}</span>
                  <span className="truncate text-xs text-ink-2">{`${t(`where.${one.where}`)}: ${one.text}`}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
