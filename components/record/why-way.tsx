"use client";
import { useTranslations } from "use-intl";
import type { NotTakenView, PlaceView, StayView } from "@/server/inbox/read-why.ts";
import { useFormat } from "../ui/locale.tsx";
import { useEventWords } from "./event-words.ts";
import { EventLink, Seen, useWhyWords } from "./why-words.tsx";
import { PickProof } from "../routing/pick-proof.tsx";

const noNames: Readonly<Record<string, string>> = {};
const noLabels: ReadonlyMap<string, string> = new Map();

/** The way it came, the newest first: what led on from each step, with the values of that moment, and what did not. */
export function WhyWay({ place }: { place: PlaceView }) {
  const t = useTranslations("why.way");
  return (
    <section aria-label={t("title")} className="grid gap-2">
      <h3 className="text-sm font-semibold">{t("title")}</h3>
      <ol className="grid gap-2 border-l-2 border-line pl-3">
        {place.way.toReversed().map((stay) => (
          <Stayed key={`${stay.seq}-${stay.token}`} stay={stay} />
        ))}
      </ol>
    </section>
  );
}

function Stayed({ stay }: { stay: StayView }) {
  const t = useTranslations("why.way");
  const format = useFormat();
  const events = useEventWords(noNames, noLabels);
  const { who } = useWhyWords();
  const { left, held } = stay;
  const name = stay.node.name;
  return (
    <li className="grid gap-1 text-sm">
      {left === null && held?.until === null && (
        <p>
          {t("heldNow", { name, when: format.dateTime(held.at) })}
          <EventLink seq={held.seq} />
        </p>
      )}
      {left === null && held?.until !== null && (
        <p>
          {t("here", { name, when: format.dateTime(stay.at) })}
          <EventLink seq={stay.seq} />
        </p>
      )}
      {left && (
        <p>
          <span className="text-xs text-ink-3 tabular-nums">{`${format.dateTime(left.at)} `}</span>
          {t(`left.${left.by}`, {
            name,
            who: who(left.actor),
            label: left.label ?? t("otherwise"),
            text: left.by === "message" || left.by === "news" ? events.name(left.text ?? "") : (left.text ?? ""),
          })}
          <EventLink seq={left.because ?? left.seq} />
        </p>
      )}
      {left?.condition && <Seen seen={left.condition} />}
      {held && (
        <div>
          {held.until !== null && (
            <p className="text-xs">
              {t("held", { from: format.dateTime(held.at), until: format.dateTime(held.until) })}
              <EventLink seq={held.seq} />
            </p>
          )}
          <Seen seen={held.criteria} />
        </div>
      )}
      {stay.rework && stay.no !== null && <p className="text-xs text-ink-2">{t("again", { n: stay.no })}</p>}
      {stay.assigned.map((one) => (
        <div key={one.seq}>
          <p className="text-xs text-ink-2">
            {t(`assigned.${one.why}`, { to: one.to ?? t("nobody"), who: who(one.by) })}
            <EventLink seq={one.seq} />
          </p>
          {one.pick && <PickProof pick={one.pick} />}
        </div>
      ))}
      {stay.tables.map((table) => (
        <Table key={table.seq} table={table} />
      ))}
      {left && left.others.length > 0 && (
        <details className="text-xs">
          <summary className="cursor-pointer text-ink-2">{t("not.title", { n: left.others.length })}</summary>
          <ul className="mt-1 grid gap-1 pl-3">
            {left.others.map((other) => (
              <Other key={other.exit} other={other} />
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** One exit that was not taken, and why. */
function Other({ other }: { other: NotTakenView }) {
  const t = useTranslations("why.way");
  const format = useFormat();
  const events = useEventWords(noNames, noLabels);
  const where = [other.label, other.to?.name].filter(Boolean).join(" → ") || other.exit;
  return (
    <li>
      <p>
        {t(`not.${other.why}`, {
          where,
          when: other.due === null ? "" : format.dateTime(other.due),
          text: other.text === null ? "" : events.name(other.text),
        })}
      </p>
      {other.seen && <Seen seen={other.seen} />}
    </li>
  );
}

type TableView = StayView["tables"][number];

/** What a decision table said, and which rules missed by how much. */
function Table({ table }: { table: TableView }) {
  const t = useTranslations("why.table");
  const { label, value } = useWhyWords();
  const gave = Object.entries(table.outputs).map(([path, v]) => `${label(path)}: ${value(path, v)}`);
  const misses = table.misses.filter(({ cells }) => cells.length > 0);
  const later = table.misses.filter(({ cells }) => cells.length === 0);
  return (
    <div className="text-xs text-ink-2">
      <p>
        {table.rules.length === 0
          ? t("none", { table: table.name })
          : t("rules", { table: table.name, rules: table.rules.map(({ no }) => no).join(", "), n: table.rules.length })}
        {gave.length > 0 && ` ${t("gave", { outputs: gave.join(", ") })}`}
        <EventLink seq={table.seq} />
      </p>
      {table.error && <p className="text-breach">{table.error}</p>}
      {table.misses.length > 0 && (
        <details>
          <summary className="cursor-pointer">{t("misses", { n: table.misses.length })}</summary>
          <ul className="mt-1 grid gap-0.5 pl-3">
            {misses.slice(0, 20).map((miss, i) => (
              <li key={miss.no}>
                {i === 0 && `${t("nearest")} `}
                {t("miss", { rule: miss.no })}{" "}
                {miss.cells.map(({ input, cell, value: held }) => (
                  <span key={input} className="mr-2">
                    {`${label(input)}: ${value(input, held)} `}
                    <code className="font-mono text-ink-3">{`(${cell})`}</code>
                  </span>
                ))}
              </li>
            ))}
            {later.length > 0 && (
              <li>{t("later", { rules: later.map(({ no }) => no).join(", "), n: later.length })}</li>
            )}
          </ul>
        </details>
      )}
    </div>
  );
}
