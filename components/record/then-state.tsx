"use client";
import { useTranslations } from "use-intl";
import type { AsOfView, Difference, StateView } from "@/server/inbox/run-as-of.ts";
import { useFormat } from "../ui/locale.tsx";
import { fieldText } from "./field-text.ts";

const money = { currency: "USD", decimals: 2 };

/** Where it stood, who had what, clocks, timers and values of that moment. */
export function ThenState({ state }: { state: StateView }) {
  const t = useTranslations("then");
  const r = useTranslations("record");
  const c = useTranslations("clock");
  const format = useFormat();
  const words = { yes: r("yes"), no: r("no") };
  const lines: [string, string][] = [
    [t("status"), r(`run.${state.status}`) + (state.end ? ` – ${state.end}` : "")],
    ...state.places.map((place): [string, string] => [
      t(`place.${place.state}`),
      `${place.name} · ${t("since", { when: format.dateTime(place.since) })}`,
    ]),
    ...state.work.map((work): [string, string] => [t("task"), `${work.name} · ${work.assignee ?? r("nobody")}`]),
    ...state.clocks.map((clock): [string, string] => [
      t("clock"),
      [
        [clock.name, clock.step].filter(Boolean).join(" · "),
        c(`state.${clock.state}`),
        clock.dueAt !== null && t("due", { when: format.dateTime(clock.dueAt) }),
        clock.leftMs !== null && t(clock.leftMs < 0 ? "late" : "left", { time: format.work(Math.abs(clock.leftMs)) }),
      ]
        .filter(Boolean)
        .join(" · "),
    ]),
    ...state.timers.map((timer): [string, string] => [
      t("timer"),
      [timer.step, format.dateTime(timer.due)].filter(Boolean).join(" · "),
    ]),
    ...state.incidents.map((one): [string, string] => [t("incident"), `${one.name}: ${one.text}`]),
  ];
  return (
    <section aria-label={t("state")} className="rounded-lg border border-line bg-surface p-4">
      <h2 className="mb-2 text-sm font-semibold">{t("state")}</h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {lines.map(([label, value], i) => (
          <div key={`${label} ${value} ${i}`} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
        {state.values.map((field) => (
          <div key={field.path} className="contents">
            <dt className="text-ink-3">{field.label}</dt>
            <dd className="break-words">{shownValue(field, format, words)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const shownValue = (
  field: Parameters<typeof fieldText>[0],
  format: ReturnType<typeof useFormat>,
  words: { yes: string; no: string },
): string =>
  typeof field.value === "object" && field.value !== null && !Array.isArray(field.value)
    ? JSON.stringify(field.value)
    : fieldText(field, format, words, money);

/** What is different now. */
export function ThenDifferences({ differences }: Pick<AsOfView, "differences">) {
  const t = useTranslations("then");
  const r = useTranslations("record");
  const c = useTranslations("clock");
  const format = useFormat();
  const words = { yes: r("yes"), no: r("no") };
  const said = (one: Difference, value: Difference["then"]): string => {
    if (value === null) return "–";
    switch (one.kind) {
      case "status":
        return r(`run.${String(value)}`);
      case "place":
        return t(`place.${String(value)}`);
      case "clock":
        return c(`state.${String(value)}`);
      case "timer":
        return typeof value === "number" ? format.dateTime(value) : String(value);
      case "work":
      case "incident":
        return String(value);
      case "value":
        return shownValue({ ...(one.field ?? { type: "text", options: null }), value }, format, words);
      default:
        return one.kind satisfies never;
    }
  };
  return (
    <section aria-label={t("differences")} className="rounded-lg border border-line bg-surface p-4">
      <h2 className="mb-2 text-sm font-semibold">{t("differences")}</h2>
      {differences.length === 0 ? (
        <p className="text-sm text-ink-2">{t("same")}</p>
      ) : (
        <table className="w-full table-fixed text-sm">
          <thead className="text-left text-xs text-ink-3">
            <tr>
              <th className="font-normal">{t("what")}</th>
              <th className="font-normal">{t("then")}</th>
              <th className="font-normal">{t("today")}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map((one, i) => (
              <tr key={`${one.kind} ${one.what} ${i}`} className="border-t border-line align-top">
                <th scope="row" className="py-1 pr-2 text-left font-normal break-words text-ink-2">
                  {one.kind === "value" ? one.what : [t(`kind.${one.kind}`), one.what].filter(Boolean).join(" · ")}
                </th>
                <td className="py-1 pr-2 break-words">{said(one, one.then)}</td>
                <td className="py-1 font-semibold break-words">{said(one, one.now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
