"use client";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { PracticeClock } from "../practice-clock.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import type { PlaceChoices } from "./person-dialog.tsx";
import { Screen } from "./screen.tsx";
import { useSaving } from "../use-saving.ts";

type Workspace = Awaited<ReturnType<Caller["workspace"]["read"]>>;
/** Types a process of revenue runs on: a value can be assumed for those. */
const valued = ["lead", "opportunity", "quote", "order", "invoice", "subscription", "account"] as const;

/** Name, money, home zone, and what a record counts as while it has no value of its own. */
export function WorkspaceScreen({
  workspace,
  types,
  places,
  mayChange,
}: {
  workspace: Workspace;
  types: { key: string; label: string }[];
  places: PlaceChoices;
  mayChange: boolean;
}) {
  const t = useTranslations("settings.workspace");
  const client = useTRPCClient();
  const labelled = types.filter((type) => valued.some((one) => one === type.key));
  const { busy, submit } = useSaving({
    read: (form) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      return {
        name: text("name"),
        zone: text("zone"),
        country: text("country"),
        currency: text("currency"),
        locale: text("locale") === "vi" ? ("vi" as const) : ("en" as const),
        ...(text("undoHours") !== "" && { undoMigrationHours: Number(text("undoHours")) }),
        defaultValueAtRisk: Object.fromEntries(
          labelled
            .filter(({ key }) => text(`value-${key}`) !== "")
            .map(({ key }) => [key, Number(text(`value-${key}`))]),
        ),
      };
    },
    send: (values) => client.workspace.change.mutate(values),
    said: () => t("saved"),
  });
  const select = (
    name: "zone" | "country" | "currency" | "locale",
    options: { value: string; label: string }[],
    help?: string,
  ) => (
    <Field label={t(name)} help={help ?? null}>
      {(ids) => (
        <select {...ids} name={name} defaultValue={workspace[name]} disabled={!mayChange} className={inputLook}>
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <Screen title={t("title")} text={t("text")}>
      <form
        onSubmit={submit}
        className="grid max-w-3xl gap-4 rounded-lg border border-line bg-surface p-4 sm:grid-cols-2"
      >
        <Field label={t("name")} required>
          {(ids) => (
            <input
              {...ids}
              name="name"
              required
              maxLength={80}
              defaultValue={workspace.name}
              disabled={!mayChange}
              className={inputLook}
            />
          )}
        </Field>
        {select(
          "currency",
          [...new Set([workspace.currency, ...places.currencies])].map((code) => ({ value: code, label: code })),
          t("currencyHelp"),
        )}
        {select(
          "zone",
          [...new Set([workspace.zone, ...places.zones])].map((zone) => ({ value: zone, label: zone })),
          t("zoneHelp"),
        )}
        {select(
          "country",
          places.countries.map(({ code, name }) => ({ value: code, label: name })),
        )}
        {select(
          "locale",
          [
            { value: "en", label: "English" },
            { value: "vi", label: "Tiếng Việt" },
          ],
          t("localeHelp"),
        )}
        <Field label={t("undoHours")} help={t("undoHoursHelp")}>
          {(ids) => (
            <input
              {...ids}
              name="undoHours"
              type="number"
              min={0}
              max={720}
              step={1}
              defaultValue={workspace.undoMigrationHours}
              disabled={!mayChange}
              className={inputLook}
            />
          )}
        </Field>
        <fieldset className="grid gap-3 sm:col-span-2 sm:grid-cols-2">
          <legend className="mb-1 text-sm font-semibold">{t("values")}</legend>
          <p className="text-sm text-ink-2 sm:col-span-2">{t("valuesText")}</p>
          {labelled.map(({ key, label }) => (
            <Field key={key} label={t("valueOf", { type: label, currency: workspace.currency })}>
              {(ids) => (
                <input
                  {...ids}
                  name={`value-${key}`}
                  type="number"
                  min={0}
                  step="any"
                  defaultValue={workspace.defaultValueAtRisk[key] ?? ""}
                  disabled={!mayChange}
                  className={inputLook}
                />
              )}
            </Field>
          ))}
        </fieldset>
        {mayChange ? (
          <SaveButton className="w-fit" busy={busy}>
            {t("save")}
          </SaveButton>
        ) : (
          <p className="text-sm text-ink-2 sm:col-span-2">{t("adminsOnly")}</p>
        )}
      </form>
      <div className="mt-6">
        <PracticeClock offer />
      </div>
    </Screen>
  );
}
