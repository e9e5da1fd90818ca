"use client";
import { useTranslations } from "use-intl";
import type { DeedView, MoverView, PlaceView } from "@/server/inbox/read-why.ts";
import { useFormat } from "../ui/locale.tsx";
import { useEventWords } from "./event-words.ts";
import { useWhyWords } from "./why-words.tsx";

const noNames: Readonly<Record<string, string>> = {};
const noLabels: ReadonlyMap<string, string> = new Map();

/** What would make it go on: each line was tried on a copy of the run, and did. */
export function WhyMoves({ place }: { place: PlaceView }) {
  const t = useTranslations("why.moves");
  if (place.state === "over") return null;
  return (
    <section aria-label={t("title")} className="grid gap-2">
      <h3 className="text-sm font-semibold">{t("title")}</h3>
      {place.after.length > 0 && <p className="text-sm">{t("after", { names: place.after.join(", ") })}</p>}
      {place.movers.length === 0 && place.after.length === 0 && <p className="text-sm text-ink-2">{t("none")}</p>}
      <ul className="grid gap-1.5">
        {place.movers.map((mover) => (
          <li key={JSON.stringify(mover)} className="rounded-md border border-line px-3 py-2 text-sm">
            <Mover mover={mover} />
          </li>
        ))}
      </ul>
      {place.more.n > 0 && (
        <p className="text-xs text-ink-2">{t(place.more.atLeast ? "moreAtLeast" : "more", { n: place.more.n })}</p>
      )}
    </section>
  );
}

function Mover({ mover }: { mover: MoverView }) {
  const t = useTranslations("why.moves");
  return (
    <>
      {mover.deeds.map((deed, i) => (
        <div key={JSON.stringify(deed)}>
          {i > 0 && <span className="text-ink-3">{`${t("and")} `}</span>}
          <Done deed={deed} />
        </div>
      ))}
      {(mover.to.length > 0 || mover.end) && (
        <p className="text-xs text-ink-3">
          {mover.end ? t("end", { name: mover.end }) : t("to", { names: mover.to.join(", ") })}
        </p>
      )}
    </>
  );
}

function Done({ deed }: { deed: DeedView }) {
  const t = useTranslations("why.moves");
  const format = useFormat();
  const events = useEventWords(noNames, noLabels);
  const { label, value } = useWhyWords();
  switch (deed.kind) {
    case "set":
      return (
        <ul>
          {deed.values.map((one) => {
            const words = {
              field: label(one.path),
              record: one.record?.name ?? one.type,
              value: value(one.path, one.to),
              from: value(one.path, one.from),
            };
            const how = one.computed
              ? "computed"
              : one.record === null && one.type
                ? one.example
                  ? "madeFilled"
                  : "made"
                : one.example
                  ? "filled"
                  : "set";
            return <li key={one.path}>{t(how, words)}</li>;
          })}
        </ul>
      );
    case "complete":
      return (
        <>
          <p>
            {deed.outcome
              ? t("completeWith", { who: deed.who, task: deed.task, outcome: deed.outcome })
              : t("complete", { who: deed.who, task: deed.task })}
          </p>
          {deed.fill.length > 0 && (
            <p className="text-xs text-ink-2">{t("fill", { fields: deed.fill.map(label).join(", ") })}</p>
          )}
          {deed.tick.length > 0 && <p className="text-xs text-ink-2">{t("tick", { items: deed.tick.join(", ") })}</p>}
        </>
      );
    case "time":
      return <p>{t("time", { when: format.dateTime(deed.due) })}</p>;
    case "message":
      return (
        <p>
          {deed.key === null
            ? t("message", { event: events.name(deed.event) })
            : t("messageKey", { event: events.name(deed.event), key: String(deed.key) })}
        </p>
      );
    case "answer":
    case "child":
    case "retry":
    case "resume":
    case "skip":
      return <p>{t(deed.kind)}</p>;
    case "jump":
      return <p>{t("jump", { to: deed.to })}</p>;
    default:
      return deed satisfies never;
  }
}
