"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { WhyView } from "@/server/inbox/read-why.ts";
import { useTRPCClient } from "../api.tsx";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { WhyFrame } from "./why-frame.tsx";
import { WhyMoves } from "./why-moves.tsx";
import { PickProof } from "../routing/pick-proof.tsx";
import { WhyWay } from "./why-way.tsx";
import { EventLink, Seen, useWhyWords } from "./why-words.tsx";

/** Why a run is where it is, why it did not go elsewhere, and what would move it. Each sentence leads to its event. */
export function WhyDialog({
  runId,
  currency,
  open,
  onClose,
}: {
  runId: string;
  currency: string;
  open: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("why");
  const client = useTRPCClient();
  const shown = useQuery({
    queryKey: ["runs.why", runId],
    queryFn: () => client.runs.why.query({ id: runId }),
    gcTime: 0,
    retry: false,
  });
  return (
    <WhyFrame title={t("title")} looking={t("looking")} shown={shown} currency={currency} open={open} onClose={onClose}>
      {(why) => <Explained why={why} />}
    </WhyFrame>
  );
}

function Explained({ why }: { why: WhyView }) {
  const t = useTranslations("why");
  const format = useFormat();
  const { who } = useWhyWords();
  const [chosen, setChosen] = useState(0);
  const place = why.places[chosen] ?? why.places[0];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {why.places.length > 1 && (
        <label className="grid gap-1 text-sm">
          {t("where", { n: why.places.length })}
          <select className={inputLook} value={chosen} onChange={(e) => setChosen(Number(e.target.value))}>
            {why.places.map((one, i) => (
              <option key={one.token} value={i}>
                {`${one.node?.name ?? ""} (${one.token})`}
              </option>
            ))}
          </select>
        </label>
      )}
      {place && <WhyMoves place={place} />}
      {place && <WhyWay place={place} />}
      {why.started && (
        <section aria-label={t("start.title")} className="grid gap-1 text-sm">
          <h3 className="text-sm font-semibold">{t("start.title")}</h3>
          <p>
            {t("start.by", {
              who: who(why.started.actor),
              when: format.dateTime(why.started.at),
              trigger: t.has(`start.trigger.${why.started.trigger.replaceAll(".", "_")}`)
                ? t(`start.trigger.${why.started.trigger.replaceAll(".", "_")}`)
                : why.started.trigger,
            })}
            <EventLink seq={why.started.seq} />
          </p>
          <p className="text-ink-2">
            {why.published
              ? t("start.published", {
                  process: why.processName,
                  n: why.version,
                  who: who(why.published.by),
                  when: format.dateTime(why.published.at),
                  note: why.published.note,
                })
              : t("start.version", { process: why.processName, n: why.version })}
          </p>
        </section>
      )}
      {why.owner && <Owner owner={why.owner} />}
    </div>
  );
}

/** Why the record went to whom it went. */
function Owner({ owner }: { owner: NonNullable<WhyView["owner"]> }) {
  const t = useTranslations("why.owner");
  const format = useFormat();
  const { who, label, value } = useWhyWords();
  return (
    <section aria-label={t("title")} className="grid gap-1 text-sm">
      <h3 className="text-sm font-semibold">{t("title")}</h3>
      <p>
        {owner.step
          ? t("byStep", { to: owner.to ?? t("nobody"), step: owner.step.name, when: format.dateTime(owner.at) })
          : t("byPerson", { to: owner.to ?? t("nobody"), who: who(owner.by), when: format.dateTime(owner.at) })}
        <EventLink seq={owner.seq} />
      </p>
      {owner.pick && <PickProof pick={owner.pick} />}
      {owner.branch && (
        <>
          <p className="text-xs">
            {t("branch", { step: owner.branch.node })}
            <EventLink seq={owner.branch.seq} />
          </p>
          <Seen seen={owner.branch.seen} />
        </>
      )}
      {owner.tables.map((table) => (
        <p key={table.seq} className="text-xs text-ink-2">
          {t("table", { rules: table.rules.map((no) => no + 1).join(", ") || "–" })}{" "}
          {Object.entries(table.inputs)
            .map(([path, v]) => `${label(path)}: ${value(path, v)}`)
            .join(" · ")}
          <EventLink seq={table.seq} />
        </p>
      ))}
    </section>
  );
}
