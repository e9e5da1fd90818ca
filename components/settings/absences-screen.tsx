"use client";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { dayMs, dayOfDate, startOfDay } from "@/server/engine/calendar/zone.ts";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { Rows, Screen } from "./screen.tsx";
import { useAct } from "../use-act.ts";

type Absences = Awaited<ReturnType<Caller["absences"]["list"]>>;

/** Who is away now and next. Days are those of the person's own zone. */
export function AbsencesScreen({
  absences,
  people,
  me,
  children,
}: {
  absences: Absences;
  /** For whom this person may say it. */
  people: { id: string; name: string; zone: string }[];
  me: string;
  children?: React.ReactNode;
}) {
  const t = useTranslations("settings.absences");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "");
    const who = people.find((one) => one.id === text("member"));
    const [first, last] = [dayOfDate(text("from")), dayOfDate(text("to"))];
    if (!who || first === null || last === null) return;
    const done = await act(
      () =>
        client.absences.add.mutate({
          memberId: who.id,
          from: startOfDay(who.zone, first),
          to: startOfDay(who.zone, last + 1),
          reason: text("reason").trim(),
        }),
      t("added", { name: who.name }),
    );
    if (done) form.reset();
  }
  return (
    <Screen title={t("title")} text={t("text")}>
      <form
        onSubmit={(e) => void submit(e)}
        className="grid gap-3 rounded-lg border border-line bg-surface p-3 sm:grid-cols-2 lg:grid-cols-[1fr_auto_auto_1fr_auto] lg:items-end"
      >
        <Field label={t("who")} required>
          {(ids) => (
            <select {...ids} name="member" required defaultValue={me} className={inputLook}>
              {people.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("from")} required>
          {(ids) => <input {...ids} name="from" type="date" required className={inputLook} />}
        </Field>
        <Field label={t("to")} required>
          {(ids) => <input {...ids} name="to" type="date" required className={inputLook} />}
        </Field>
        <Field label={t("reason")}>
          {(ids) => <input {...ids} name="reason" maxLength={200} className={inputLook} />}
        </Field>
        <Button kind="primary" type="submit" className="h-9" disabled={busy}>
          {t("add")}
        </Button>
      </form>
      {absences.length === 0 && <p className="text-sm text-ink-2">{t("none")}</p>}
      {absences.length > 0 && (
        <Rows label={t("title")}>
          {absences.map((one) => (
            <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 p-3 text-sm">
              <span className="font-semibold">{one.name}</span>
              <span className="text-ink-2">
                {t("span", { from: format.date(one.from), to: format.date(one.to - dayMs / 2) })}
              </span>
              {one.from <= format.now && <Status kind="paused">{t("now")}</Status>}
              {one.reason && <span className="text-ink-3">{one.reason}</span>}
              {one.mayChange && (
                <Button
                  size="small"
                  kind="quiet"
                  className="ml-auto"
                  disabled={busy}
                  aria-label={t("removeOf", { name: one.name })}
                  onClick={() =>
                    void act(() => client.absences.remove.mutate({ id: one.id }), t("removed", { name: one.name }))
                  }
                >
                  {t("remove")}
                </Button>
              )}
            </li>
          ))}
        </Rows>
      )}
      {children}
    </Screen>
  );
}
