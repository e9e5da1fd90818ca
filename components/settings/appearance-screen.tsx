"use client";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import type { Theme } from "../shell/choices.tsx";
import { remember } from "../shell/remember.ts";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { Screen } from "./screen.tsx";
import { useAct } from "../use-act.ts";

const themes = ["system", "light", "dark"] as const;
const languages = [
  { value: "en", label: "English" },
  { value: "vi", label: "Tiếng Việt" },
] as const;

/** How I like to see things; kept with the person, so that it is the same in every browser. */
export function AppearanceScreen({
  theme,
  locale,
  zone,
  zones,
}: {
  theme: Theme;
  locale: "en" | "vi";
  zone: string;
  zones: string[];
}) {
  const t = useTranslations("settings.appearance");
  const shell = useTranslations("shell");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const picked = {
      theme: themes.find((one) => one === form.get("theme")) ?? "system",
      locale: form.get("locale") === "vi" ? ("vi" as const) : ("en" as const),
      zone: String(form.get("zone") ?? zone),
    };
    const done = await act(() => client.me.change.mutate(picked), t("saved"));
    if (!done) return;
    remember("theme", picked.theme);
    remember("locale", picked.locale);
    window.location.reload();
  }
  const radio = (name: string, label: string, chosen: string, options: readonly { value: string; label: string }[]) => (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-xs font-medium text-ink-2">{label}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((one) => (
          <label
            key={one.value}
            className="flex h-9 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent-text"
          >
            <input
              type="radio"
              name={name}
              value={one.value}
              defaultChecked={one.value === chosen}
              className="size-4 accent-[var(--accent)]"
            />
            {one.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
  return (
    <Screen title={t("title")} text={t("text")}>
      <form
        onSubmit={(e) => void submit(e)}
        className="grid max-w-xl gap-5 rounded-lg border border-line bg-surface p-4"
      >
        {radio(
          "theme",
          t("theme"),
          theme,
          themes.map((value) => ({ value, label: shell(`themes.${value}`) })),
        )}
        {radio("locale", t("language"), locale, languages)}
        <Field label={t("zone")} help={t("zoneHelp")}>
          {(ids) => (
            <select {...ids} name="zone" defaultValue={zone} className={inputLook}>
              {[...new Set([zone, ...zones])].map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <Button kind="primary" size="large" type="submit" className="w-fit" disabled={busy}>
          {t("save")}
        </Button>
      </form>
    </Screen>
  );
}
