"use client";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { dayMs, dayOfDate, startOfDay } from "@/server/engine/calendar/zone.ts";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import { Rows } from "./screen.tsx";

export type DelegationList = Awaited<ReturnType<Caller["delegations"]["list"]>>;

/** Who decides on whose approvals for a time, with or without being away. Days are those of the person's own zone. */
export function Delegations({
  delegations,
  people,
  colleagues,
  me,
}: {
  delegations: DelegationList;
  /** For whom this person may say it. */
  people: { id: string; name: string; zone: string }[];
  colleagues: { id: string; name: string }[];
  me: string;
}) {
  const t = useTranslations("settings.delegations");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const who = people.find((one) => one.id === text("member"));
    const [first, last] = [dayOfDate(text("from")), dayOfDate(text("to"))];
    if (!who || first === null || last === null) return;
    const done = await act(
      () =>
        client.delegations.add.mutate({
          memberId: who.id,
          delegateId: text("delegate"),
          from: startOfDay(who.zone, first),
          to: startOfDay(who.zone, last + 1),
          reason: text("reason"),
        }),
      t("added", { name: who.name }),
    );
    if (done) form.reset();
  }
  return (
    <section aria-label={t("title")} className="grid gap-3">
      <div className="grid gap-0.5">
        <h2 className="text-base font-semibold">{t("title")}</h2>
        <p className="text-sm text-ink-2">{t("text")}</p>
      </div>
      <form
        onSubmit={(e) => void submit(e)}
        className="grid gap-3 rounded-lg border border-line bg-surface p-3 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_auto_auto_1fr_auto] lg:items-end"
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
        <Field label={t("delegate")} required>
          {(ids) => (
            <select {...ids} name="delegate" required defaultValue="" className={inputLook}>
              <option value="">{t("choose")}</option>
              {colleagues.map((one) => (
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
        <Field label={t("reason")} required>
          {(ids) => <input {...ids} name="reason" required maxLength={200} className={inputLook} />}
        </Field>
        <Button kind="primary" type="submit" className="h-9" disabled={busy}>
          {t("add")}
        </Button>
      </form>
      {delegations.length === 0 ? (
        <p className="text-sm text-ink-2">{t("none")}</p>
      ) : (
        <Rows label={t("title")}>
          {delegations.map((one) => (
            <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 p-3 text-sm">
              <span className="font-semibold">{t("for", { delegate: one.delegate, name: one.name })}</span>
              <span className="text-ink-2">
                {t("span", { from: format.date(one.from), to: format.date(one.to - dayMs / 2) })}
              </span>
              {one.from <= format.now && <Status kind="info">{t("now")}</Status>}
              {one.reason && <span className="text-ink-3">{one.reason}</span>}
              {one.mayChange && (
                <Button
                  size="small"
                  kind="quiet"
                  className="ml-auto"
                  disabled={busy}
                  aria-label={t("endOf", { name: one.name })}
                  onClick={() =>
                    void act(() => client.delegations.end.mutate({ id: one.id }), t("ended", { name: one.name }))
                  }
                >
                  {t("end")}
                </Button>
              )}
            </li>
          ))}
        </Rows>
      )}
    </section>
  );
}
