"use client";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { Process } from "@/server/engine/process.ts";
import { typeScopeOf, useNamedFields } from "../choices.tsx";
import { FeelInput } from "./feel-input.tsx";

/** An expression with its label and what it is for. */
export function FeelField({
  doc,
  label,
  help,
  value,
  onChange,
}: {
  doc: Process;
  label: string;
  help?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const t = useTranslations("editor");
  const fields = useNamedFields(doc, t("answers"));
  const types = useMemo(() => typeScopeOf(fields), [fields]);
  return (
    <div className="grid gap-1">
      <span aria-hidden className="text-xs font-medium text-ink-2">
        {label}
      </span>
      <FeelInput label={label} value={value} types={types} onChange={onChange} />
      {help && <p className="text-xs text-ink-3">{help}</p>}
    </div>
  );
}
