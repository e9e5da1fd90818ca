"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { inputLook } from "../ui/field.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { FieldDialog } from "./field-dialog.tsx";
import { Add, List, RowButton, Screen } from "./screen.tsx";

export type Fields = Awaited<ReturnType<Caller["fields"]["list"]>>;

/** Fields of the workspace's own, by record type: in forms, imports and expressions like the built-in ones. */
export function FieldsScreen({ fields, mayChange }: { fields: Fields; mayChange: boolean }) {
  const t = useTranslations("settings.fields");
  const { locale } = useFormat();
  const [type, setType] = useState("opportunity");
  const [editing, setEditing] = useState<Fields["fields"][number] | "new" | null>(null);
  const chosen = fields.types.find((one) => one.key === type);
  const own = fields.fields.filter((one) => one.recordType === type);
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={mayChange && <Add onClick={() => setEditing("new")}>{t("add")}</Add>}
    >
      <select
        aria-label={t("recordType")}
        value={type}
        onChange={(e) => setType(e.target.value)}
        className={cn(inputLook, "max-w-xs")}
      >
        {fields.types.map((one) => (
          <option key={one.key} value={one.key}>
            {`${one.label} (${fields.fields.filter((field) => field.recordType === one.key).length})`}
          </option>
        ))}
      </select>
      <p className="text-sm text-ink-2">{t("builtIn", { n: chosen?.standard ?? 0 })}</p>
      <List label={t("title")} none={t("none")} items={own}>
        {(field) => (
          <li key={field.key} className="flex flex-wrap items-center gap-2 p-3">
            <div className="grid min-w-0 gap-0.5 text-sm">
              <p className="flex flex-wrap items-baseline gap-2">
                <span className="font-semibold">{field.label[locale]}</span>
                <code className="text-xs text-ink-3">{`${type}.${field.key}`}</code>
              </p>
              <p className="text-ink-2">
                {[
                  t(`types.${field.type}`),
                  field.required && t("required"),
                  field.unique && t("unique"),
                  field.personal && t("personal"),
                  field.values?.map((one) => one.label[locale] + (one.retired ? ` (${t("retired")})` : "")).join(", "),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </div>
            {mayChange && (
              <div className="ml-auto">
                <RowButton label={t("changeOf", { name: field.label[locale] })} onClick={() => setEditing(field)}>
                  {t("change")}
                </RowButton>
              </div>
            )}
          </li>
        )}
      </List>
      {editing && (
        <FieldDialog
          field={editing === "new" ? null : editing}
          recordType={type}
          types={fields.types}
          onClose={() => setEditing(null)}
        />
      )}
    </Screen>
  );
}
