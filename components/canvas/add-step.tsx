"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type StepKindId, stepKinds } from "@/server/engine/process.ts";
import { Dialog } from "../ui/dialog.tsx";
import { inputLook } from "../ui/field.tsx";
import { icons } from "../process/step-look.ts";

/** Which step comes next: type to find, Enter takes the first. */
export function AddStep({
  open,
  onClose,
  onAdd,
}: {
  open: boolean;
  onClose: () => void;
  onAdd: (kind: StepKindId) => void;
}) {
  const t = useTranslations("editor");
  const [text, setText] = useState("");
  const kinds = stepKinds.filter(
    (k) => k !== "start" && `${t(`kinds.${k}`)} ${t(`about.${k}`)}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const take = (kind: StepKindId) => {
    setText("");
    onAdd(kind);
  };
  return (
    <Dialog open={open} onClose={onClose} title={t("addTitle")}>
      <input
        className={inputLook}
        aria-label={t("findKind")}
        placeholder={t("findKind")}
        autoFocus
        value={text}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Enter" && !e.nativeEvent.isComposing && kinds[0]) {
            e.preventDefault();
            take(kinds[0]);
          }
        }}
      />
      <ul className="mt-2 grid gap-0.5">
        {kinds.map((kind) => {
          const Icon = icons[kind];
          return (
            <li key={kind}>
              <button
                type="button"
                onClick={() => take(kind)}
                className="flex w-full items-center gap-3 rounded-md px-2 py-2 text-left hover:bg-sunken"
              >
                <Icon aria-hidden className="size-4 text-ink-2" />
                <span className="grid">
                  <span className="text-sm font-semibold">{t(`kinds.${kind}`)}</span>
                  <span className="text-xs text-ink-3">{t(`about.${kind}`)}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
