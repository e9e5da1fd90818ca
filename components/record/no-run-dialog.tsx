"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { useFormat } from "../ui/locale.tsx";
import { WhyFrame } from "./why-frame.tsx";
import { EventLink, Seen } from "./why-words.tsx";

type View = Awaited<ReturnType<Caller["records"]["whyNoRun"]>>;
type Process = View["processes"][number];

/** Why no process is at work on a record: each process for its type, in a sentence with the values of that moment. */
export function NoRunDialog({
  recordId,
  currency,
  open,
  onClose,
}: {
  recordId: string;
  currency: string;
  open: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("noRun");
  const client = useTRPCClient();
  const shown = useQuery({
    queryKey: ["records.whyNoRun", recordId],
    queryFn: () => client.records.whyNoRun.query({ id: recordId }),
    enabled: open,
    gcTime: 0,
    retry: false,
  });
  return (
    <WhyFrame title={t("title")} looking={t("looking")} shown={shown} currency={currency} open={open} onClose={onClose}>
      {({ processes }) => (
        <>
          {processes.length === 0 && <p className="text-sm">{t("none")}</p>}
          <ul className="grid gap-3">
            {processes.map((one) => (
              <li key={one.key} className="grid grid-cols-[minmax(0,1fr)] gap-1 rounded-md border border-line p-3">
                <h3 className="text-sm font-semibold">
                  <Link href={`/processes/${one.id}`} className="text-accent-text underline underline-offset-2">
                    {one.version === null ? one.name : `${one.name} v${one.version}`}
                  </Link>
                </h3>
                <LastRun
                  last={one.last}
                  linked={"run" in one.reason && one.reason.run === one.last?.id}
                  onFollow={onClose}
                />
                <Reason reason={one.reason} onFollow={onClose} />
              </li>
            ))}
          </ul>
        </>
      )}
    </WhyFrame>
  );
}

function LastRun({
  last,
  linked,
  onFollow,
}: {
  last: Process["last"];
  /** What follows leads to it. */
  linked: boolean;
  onFollow: () => void;
}) {
  const t = useTranslations("noRun");
  const format = useFormat();
  if (!last || last.endedAt === null) return null;
  const how =
    last.status === "cancelled"
      ? "cancelled"
      : last.outcome === "negative" || last.outcome === "neutral"
        ? last.outcome
        : "success";
  return (
    <p className="text-sm text-ink-2">
      {t(`last.${how}`, { when: format.dateTime(last.endedAt) })}{" "}
      {!linked && <RunLink id={last.id} onFollow={onFollow} />}
    </p>
  );
}

const RunLink = ({ id, onFollow }: { id: string; onFollow: () => void }) => {
  const t = useTranslations("noRun");
  return (
    <a href={`#${id}`} onClick={onFollow} className="text-accent-text underline underline-offset-2">
      {t("toRun")}
    </a>
  );
};

function Reason({ reason, onFollow }: { reason: Process["reason"]; onFollow: () => void }) {
  const t = useTranslations("noRun");
  const e = useTranslations("noRun.event");
  const format = useFormat();
  const when = format.dateTime;
  /** "It was made", "quote.accepted happened". */
  const event = (name: string) => (name === "record.created" ? e("created") : e("named", { event: name }));
  switch (reason.why) {
    case "running":
    case "once":
      return (
        <Line>
          {t(reason.why)} <RunLink id={reason.run} onFollow={onFollow} />
        </Line>
      );
    case "too_soon":
      return <Line>{t("too_soon", { from: when(reason.from) })}</Line>;
    case "by_hand":
    case "by_form":
    case "by_import":
      return <Line>{t(reason.why)}</Line>;
    case "retired":
      return <Line>{reason.at === null ? t("retired") : t("retiredAt", { when: when(reason.at) })}</Line>;
    case "began_then":
      return (
        <Line>
          {t("began_then", { when: when(reason.at) })} <RunLink id={reason.run} onFollow={onFollow} />
        </Line>
      );
    case "no_event":
      return <Line>{t("no_event", { event: event(reason.event), since: when(reason.since) })}</Line>;
    case "daily":
      return (
        <>
          <Line>{t(reason.holds ? "dailyHolds" : "dailyNot", { next: when(reason.next) })}</Line>
          {reason.seen && <Seen seen={reason.seen} />}
        </>
      );
    case "imported":
      return (
        <Line>
          {t("imported", { event: event(reason.event), when: when(reason.at) })} <EventLink seq={reason.seq} />
        </Line>
      );
    case "published_later":
      return (
        <Line>
          {t("published_later", {
            event: event(reason.event),
            when: when(reason.at),
            published: when(reason.published),
          })}
          <EventLink seq={reason.seq} />
        </Line>
      );
    case "was_running":
      return (
        <Line>
          {t("was_running", { event: event(reason.event), when: when(reason.at) })}
          <EventLink seq={reason.seq} /> <RunLink id={reason.run} onFollow={onFollow} />
        </Line>
      );
    case "condition":
      return (
        <>
          <Line>
            {t("condition", { event: event(reason.event), when: when(reason.at) })}
            <EventLink seq={reason.seq} />
          </Line>
          <Seen seen={reason.seen} />
        </>
      );
    case "told":
      return (
        <Line>
          {t(reason.waiting ? "waiting" : reason.error ? "givenUp" : "told", {
            event: event(reason.event),
            when: when(reason.at),
            error: reason.error ?? "",
          })}
          <EventLink seq={reason.seq} />
        </Line>
      );
    default:
      return reason satisfies never;
  }
}

const Line = ({ children }: { children: React.ReactNode }) => <p className="text-sm">{children}</p>;
