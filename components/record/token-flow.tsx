import { Hand, Split } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { AtEdge, Awaits, TokenFlow as Flow } from "@/server/inbox/explain-flow.ts";
import { markIcons } from "../canvas/signs.tsx";
import { useFormat } from "../ui/locale.tsx";
import type { RecordView } from "./record-screen.tsx";
import { ValuesOf } from "./values-of.tsx";

type Run = RecordView["runs"][number];

/** Which round of which loop it is in: "Each quote line, 2 of 5: Onboarding". */
export function Rounds({ flow }: { flow: Flow }) {
  const t = useTranslations("record.flow");
  if (flow.inside.length === 0) return null;
  return (
    <p className="text-xs font-semibold text-ink-2">
      {flow.inside
        .map(({ name, index, total, item }) =>
          index === null ? t("inside", { name }) : t("round", { name, index, total: total ?? 0, item: item ?? "" }),
        )
        .join(" › ")}
    </p>
  );
}

/** What a token waits for besides work: a loop's items, other branches, the first of several things, events at its edge. */
export function TokenFlow({ flow, called }: { flow: Flow; called: Run["children"] }) {
  const t = useTranslations("record.flow");
  const { loop, join, waits, edges } = flow;
  const child = called.find((one) => one.id === flow.child);
  return (
    <>
      {flow.alone && (
        <p className="flex items-center gap-1.5 text-xs text-ink-2">
          <Hand aria-hidden className="size-3.5 shrink-0" />
          {t("alone")}
        </p>
      )}
      {loop && (
        <div className="grid gap-1">
          <p>
            {t(loop.sequential ? "loopOneByOne" : "loop", {
              done: loop.done,
              total: loop.total,
              open: loop.open,
              negative: loop.negative,
            })}
          </p>
          <span aria-hidden className="block h-1.5 overflow-hidden rounded-full bg-line">
            <span
              className="block h-full bg-accent"
              style={{ width: `${loop.total ? Math.round((100 * loop.done) / loop.total) : 100}%` }}
            />
          </span>
        </div>
      )}
      {join && (
        <p>
          {join.mode === "n_of_m"
            ? t("joinSome", { n: join.arrived.length, count: join.count, left: join.awaited.join(", ") })
            : t(join.mode === "taken" ? "joinTaken" : "joinAll", { names: join.awaited.join(", ") || t("none") })}
        </p>
      )}
      {waits.length > 0 && (
        <>
          {waits.length > 1 && (
            <p className="flex items-center gap-1.5">
              <Split aria-hidden className="size-3.5 shrink-0" />
              {t("first")}
            </p>
          )}
          <ul className="grid gap-1" aria-label={t("waitsFor")}>
            {waits.map((one, i) => (
              <Awaited key={i} one={one} />
            ))}
          </ul>
        </>
      )}
      {child && (
        <p>
          {`${t("waitsForRun")} `}
          <Link
            href={`/records/${child.recordId}#${child.id}`}
            className="font-semibold text-accent-text hover:underline"
          >
            {child.processName}
          </Link>
          <span className="text-ink-3">{` – ${t(`status.${child.status}`)}`}</span>
        </p>
      )}
      {edges.length > 0 && (
        <div className="grid gap-1 border-t border-line pt-1.5">
          <p className="text-xs font-semibold text-ink-2">{t("meanwhile")}</p>
          <ul className="grid gap-1">
            {edges.map((edge, i) => (
              <Edge key={i} edge={edge} />
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Awaited({ one }: { one: Awaits }) {
  const t = useTranslations("record.flow");
  const format = useFormat();
  const Icon = markIcons[one.what === "event" ? "message" : one.what === "time" ? "timer" : "record_changed"];
  const said =
    one.what === "event"
      ? t(one.key === null ? "forEvent" : "forEventWithKey", { event: one.text, key: String(one.key) })
      : one.what === "condition"
        ? t("forCondition", { text: one.text })
        : t("forTime", { when: format.dateTime(one.due ?? 0) });
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-1.5">
      <Icon aria-hidden className="mt-0.5 size-3.5 text-ink-2" />
      <span className="break-words">{one.to ? `${said}: ${one.to}` : said}</span>
      {one.now && (
        <span className="col-start-2">
          <ValuesOf seen={one.now} label={t("now")} />
        </span>
      )}
    </li>
  );
}

function Edge({ edge }: { edge: AtEdge }) {
  const t = useTranslations("record.flow");
  const format = useFormat();
  const Icon = markIcons[edge.kind];
  const what =
    edge.kind === "timer"
      ? edge.due === null
        ? t("edge.timerDone")
        : t("edge.timer", {
            when: format.dateTime(edge.due),
            span: format.duration(Math.max(0, edge.due - format.now)),
          })
      : edge.kind === "error"
        ? t(edge.text === null ? "edge.anyError" : "edge.error", { code: edge.text ?? "" })
        : edge.kind === "message"
          ? t(edge.key === null ? "edge.message" : "edge.messageWithKey", {
              event: edge.text ?? "",
              key: String(edge.key),
            })
          : t(edge.text === null ? "edge.anyChange" : "edge.change", { text: edge.text ?? "" });
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-1.5 text-ink-2">
      <Icon aria-hidden className="mt-0.5 size-3.5" />
      <span className="break-words">
        {`${what}: ${edge.to ?? t("edge.nothing")}`}
        {!edge.interrupting && <span className="text-ink-3">{` (${t("edge.stays")})`}</span>}
      </span>
      {edge.now && (
        <span className="col-start-2">
          <ValuesOf seen={edge.now} label={t("now")} />
        </span>
      )}
    </li>
  );
}
