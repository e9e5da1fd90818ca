"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { useTRPCClient } from "../api.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { listOf } from "../routing/routing-fields.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import { Ticks } from "./ticks.tsx";
import type { People, PersonRow } from "./people-screen.tsx";
import { useSaving } from "../use-saving.ts";

export type PlaceChoices = {
  zones: string[];
  countries: { code: string; name: string }[];
  holidays: { code: string; name: string }[];
  currencies: string[];
};
const roles = ["admin", "ops", "manager", "rep"] as const;
const textOr = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === "string" && value.trim() ? value.trim() : null;
};

/** Adds somebody with a first password, or changes what they are and do here. */
export function PersonDialog({
  person,
  people,
  places,
  onClose,
}: {
  person: PersonRow | null;
  people: People;
  places: PlaceChoices;
  onClose: () => void;
}) {
  const t = useTranslations("settings.people");
  const role = useTranslations("shell.role");
  const r = useTranslations("routing");
  const client = useTRPCClient();
  const [held, setHeld] = useState<string[]>(person?.roles ?? ["rep"]);
  const [worksAs, setWorksAs] = useState<string[]>(person?.processRoles ?? []);
  const [error, setError] = useState<string | null>(null);
  const colleagues = people.people.filter((one) => one.id !== person?.id && one.status === "active");

  const { busy, made, submit } = useSaving({
    read,
    send: async ({ shared, more, signIn }, before: string | null) => {
      const id = person?.id ?? before;
      if (id === null) return (await client.people.add.mutate({ ...shared, ...signIn })).id;
      await client.people.change.mutate({ id, patch: { ...shared, ...more } });
      return id;
    },
    said: ({ shared: { name } }, before) => t(person || before ? "changed" : "added", { name }),
    done: onClose,
  });
  function read(form: FormData) {
    const picked = roles.filter((one) => held.includes(one));
    if (picked.length === 0) return null;
    const capacity = textOr(form, "capacity");
    const shared = {
      name: textOr(form, "name") ?? "",
      roles: picked,
      processRoles: worksAs,
      teamId: textOr(form, "team"),
      managerId: textOr(form, "manager"),
      zone: textOr(form, "zone") ?? "UTC",
      country: textOr(form, "country") ?? "US",
      locale: textOr(form, "locale") === "vi" ? ("vi" as const) : ("en" as const),
    };
    const more = person && {
      backupId: textOr(form, "backup"),
      skills: listOf(textOr(form, "skills") ?? ""),
      capacityPerDay: capacity === null ? null : Number(capacity),
    };
    return {
      shared,
      more,
      signIn: { email: textOr(form, "email") ?? "", password: String(form.get("password") ?? "") },
    };
  }

  const select = (name: string, label: string, value: string, options: { value: string; label: string }[]) => (
    <Field label={label}>
      {(ids) => (
        <select {...ids} name={name} defaultValue={value} className={inputLook}>
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const none = { value: "", label: t("none") };
  const persons = [none, ...colleagues.map((one) => ({ value: one.id, label: one.name }))];
  return (
    <Dialog open onClose={onClose} title={person ? t("changeOf", { name: person.name }) : t("add")} wide>
      <form
        onSubmit={(event) => {
          if (held.length === 0) setError(t("needsRole"));
          submit(event);
        }}
        className="grid gap-4 sm:grid-cols-2"
      >
        <Field label={t("name")} required>
          {(ids) => (
            <input {...ids} name="name" required maxLength={80} defaultValue={person?.name} className={inputLook} />
          )}
        </Field>
        {person ? (
          <Field label={t("capacity")} help={t("capacityHelp")}>
            {(ids) => (
              <input
                {...ids}
                name="capacity"
                type="number"
                min={0}
                max={1000}
                defaultValue={person.capacityPerDay ?? ""}
                className={inputLook}
              />
            )}
          </Field>
        ) : (
          <>
            <Field label={t("email")} required>
              {(ids) => (
                <input
                  {...ids}
                  name="email"
                  type="email"
                  required
                  readOnly={busy || made !== null}
                  maxLength={200}
                  className={inputLook}
                />
              )}
            </Field>
            <Field label={t("firstPassword")} help={t("firstPasswordHelp")} required className="sm:col-span-2">
              {(ids) => (
                <input
                  {...ids}
                  name="password"
                  type="text"
                  autoComplete="off"
                  required
                  // How somebody signs in is sent once, with them; what else is typed meanwhile is a change.
                  readOnly={busy || made !== null}
                  minLength={10}
                  maxLength={200}
                  className={inputLook}
                />
              )}
            </Field>
          </>
        )}
        <Ticks
          label={t("roles")}
          error={error}
          options={roles.map((one) => ({ value: one, label: role(one), help: t(`roleHelp.${one}`) }))}
          chosen={held}
          onChange={(next) => {
            setHeld(next);
            setError(null);
          }}
        />
        <Ticks
          label={t("processRoles")}
          help={people.processRoles.length === 0 ? t("noProcessRoles") : t("processRolesHelp")}
          options={people.processRoles.map(({ key, name }) => ({ value: key, label: name }))}
          chosen={worksAs}
          onChange={setWorksAs}
        />
        {select("team", t("team"), person?.teamId ?? "", [
          none,
          ...people.teams.map((one) => ({ value: one.id, label: one.name })),
        ])}
        {select("manager", t("manager"), person?.managerId ?? "", persons)}
        {person && select("backup", t("standIn"), person.backupId ?? "", persons)}
        {person && (
          <Field label={r("personSkills")} help={r("personSkillsHelp")}>
            {(ids) => (
              <input
                {...ids}
                name="skills"
                maxLength={400}
                defaultValue={(person.skills ?? []).join(", ")}
                className={inputLook}
              />
            )}
          </Field>
        )}
        {select(
          "zone",
          t("zone"),
          person?.zone ?? people.people[0]?.zone ?? "UTC",
          [...new Set([...places.zones, person?.zone ?? "UTC"])].map((zone) => ({ value: zone, label: zone })),
        )}
        {select(
          "country",
          t("country"),
          person?.country ?? people.people[0]?.country ?? "US",
          places.countries.map(({ code, name }) => ({ value: code, label: name })),
        )}
        {select("locale", t("language"), person?.locale ?? "en", [
          { value: "en", label: "English" },
          { value: "vi", label: "Tiếng Việt" },
        ])}
        <div className="sm:col-span-2">
          <SaveButton busy={busy}>{person || made ? t("save") : t("add")}</SaveButton>
        </div>
      </form>
    </Dialog>
  );
}
