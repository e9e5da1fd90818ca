"use client";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { patiently } from "../../ui/later.ts";
import { typeScopeOf, useNamedFields } from "../choices.tsx";
import { readCondition } from "../condition.ts";
import { FeelInput } from "./feel-input.tsx";

const Builder = lazy(() => patiently(() => import("./condition-builder.tsx")));

/**
 * A condition: picked as rules, or written. What rules cannot show stays text, and says so. A new one can be either: rules
 * come with "Pick fields", text by typing.
 */
export function ConditionField({
  doc,
  label,
  value,
  onChange,
}: {
  doc: Process;
  label: string;
  value: string;
  /** `typing`: one of many small changes in this place. */
  onChange: (value: string) => void;
}) {
  const t = useTranslations("editor");
  const fields = useNamedFields(doc, t("answers"));
  const types = useMemo(() => typeScopeOf(fields), [fields]);
  const rules = useMemo(() => readCondition(value), [value]);
  const [asked, setAsked] = useState<"rules" | "text">(() => (value.trim() && rules ? "rules" : "text"));
  const mode = rules ? asked : "text";
  const look = "text-xs font-medium text-accent-text hover:underline";
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline gap-2">
        <span aria-hidden className="text-xs font-medium text-ink-2">
          {label}
        </span>
        <span className="ml-auto shrink-0">
          {mode === "rules" ? (
            <button type="button" className={look} onClick={() => setAsked("text")}>
              {t("condition.write")}
            </button>
          ) : (
            rules && (
              <button type="button" className={look} onClick={() => setAsked("rules")}>
                {t("condition.pick")}
              </button>
            )
          )}
        </span>
      </div>
      {mode === "rules" && rules ? (
        <Suspense fallback={<p className="text-xs text-ink-3">{t("condition.loading")}</p>}>
          <Builder label={label} value={value} fields={fields} onChange={onChange} />
        </Suspense>
      ) : (
        <FeelInput label={label} value={value} types={types} onChange={onChange} />
      )}
      {!rules && value.trim() !== "" && <p className="text-xs text-ink-3">{t("condition.textOnly")}</p>}
    </div>
  );
}
