"use client";
import { Bold, Eye, Link2, List, PencilLine } from "lucide-react";
import { lazy, Suspense, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { inputLook } from "../../ui/field.tsx";
import { patiently } from "../../ui/later.ts";

const Preview = lazy(() =>
  patiently(() => import("../../ui/guidance.tsx").then(({ Guidance }) => ({ default: Guidance }))),
);

/** Guidance as Markdown: a few marks by button, and how it will look in the inbox. */
export function GuidanceEditor({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations("editor");
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [looking, setLooking] = useState(false);
  function mark(before: string, after = "") {
    const at = area.current;
    if (!at) return;
    const { selectionStart: from, selectionEnd: to } = at;
    const text = `${value.slice(0, from)}${before}${value.slice(from, to)}${after}${value.slice(to)}`;
    onChange(text);
    requestAnimationFrame(() => {
      at.focus();
      at.setSelectionRange(from + before.length, to + before.length);
    });
  }
  return (
    <div className="grid gap-1">
      <div className="flex items-center">
        <label htmlFor={id} className="text-xs font-medium text-ink-2">
          {t("guidance")}
        </label>
        <span className="ml-auto flex">
          {!looking && <Tool icon={Bold} label={t("bold")} onClick={() => mark("**", "**")} />}
          {!looking && <Tool icon={List} label={t("list")} onClick={() => mark("\n- ")} />}
          {!looking && <Tool icon={Link2} label={t("link")} onClick={() => mark("[", "](https://)")} />}
          <Tool
            icon={looking ? PencilLine : Eye}
            label={looking ? t("writeGuidance") : t("preview")}
            onClick={() => setLooking(!looking)}
          />
        </span>
      </div>
      {looking ? (
        <div id={id} className="min-h-28 rounded-md border border-line bg-bg p-2.5">
          <Suspense fallback={<p className="text-xs text-ink-3">{t("condition.loading")}</p>}>
            <Preview text={value} />
          </Suspense>
        </div>
      ) : (
        <textarea
          id={id}
          ref={area}
          className={`${inputLook} h-28 py-2`}
          maxLength={32_000}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </div>
  );
}

const Tool = ({ icon: Icon, label, onClick }: { icon: typeof Bold; label: string; onClick: () => void }) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    onClick={onClick}
    className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-sunken hover:text-ink"
  >
    <Icon aria-hidden className="size-3.5" />
  </button>
);
