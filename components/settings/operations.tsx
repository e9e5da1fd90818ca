"use client";
import { useTranslations } from "use-intl";
import { type ApiConfig, callMethods } from "@/server/engine/connection.ts";
import { Button } from "../ui/button.tsx";
import { inputLook } from "../ui/field.tsx";
import { keyOf } from "./key-of.ts";

type Known = ApiConfig["operations"];

/** What a connection can do, by name: which path of it is asked, with what. */
export function Operations({ value, onChange }: { value: Known; onChange: (value: Known) => void }) {
  const t = useTranslations("settings.connections");
  const put = (name: string, change: Partial<Known[string]>) =>
    onChange({ ...value, [name]: { ...value[name]!, ...change } });
  return (
    <fieldset className="grid gap-2">
      <legend className="text-sm font-medium">{t("operations")}</legend>
      <p className="text-xs text-ink-3">{t("operationsHelp")}</p>
      {Object.entries(value).map(([name, { method, path, body }]) => (
        <div key={name} className="grid gap-2 rounded-md border border-line p-2 sm:grid-cols-[auto_1fr]">
          <p className="flex items-center gap-2 text-sm font-semibold sm:col-span-2">
            <code>{name}</code>
            <Button
              size="small"
              kind="quiet"
              className="ml-auto"
              aria-label={t("removeOf", { name })}
              onClick={() => {
                const { [name]: _gone, ...rest } = value;
                onChange(rest);
              }}
            >
              {t("remove")}
            </Button>
          </p>
          <select
            className={inputLook}
            aria-label={t("methodOf", { name })}
            value={method}
            onChange={(e) => put(name, { method: callMethods.find((one) => one === e.target.value) ?? "POST" })}
          >
            {callMethods.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
          <input
            className={`${inputLook} font-mono text-xs`}
            aria-label={t("pathOf", { name })}
            placeholder="/invoices/{record.number}"
            pattern="/.*"
            value={path}
            onChange={(e) => put(name, { path: e.target.value })}
          />
          <input
            className={`${inputLook} font-mono text-xs sm:col-span-2`}
            aria-label={t("bodyOf", { name })}
            placeholder="{who: record.name}"
            value={body ?? ""}
            onChange={(e) => put(name, { body: e.target.value || undefined })}
          />
        </div>
      ))}
      <input
        className={inputLook}
        aria-label={t("addOperation")}
        placeholder={t("addOperation")}
        maxLength={64}
        onKeyDown={(e) => {
          if (e.key !== "Enter") return;
          e.preventDefault();
          const name = keyOf(e.currentTarget.value);
          if (!name || value[name]) return;
          onChange({ ...value, [name]: { method: "POST", path: `/${name}` } });
          e.currentTarget.value = "";
        }}
      />
    </fieldset>
  );
}
