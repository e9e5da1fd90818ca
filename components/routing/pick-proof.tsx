"use client";
/** Why somebody was given work: in a sentence, and how everybody stood at that moment. */
import { useTranslations } from "use-intl";
import type { ToldPick } from "@/server/routing/tell-pick.ts";
import { useFormat } from "../ui/locale.tsx";

type Seat = ToldPick["pool"][number];

export function PickProof({ pick, by = null, open = false }: { pick: ToldPick; by?: string | null; open?: boolean }) {
  const t = useTranslations("pick");
  const words = usePickWords();
  const outside = pick.pool.filter((seat) => !seat.available);
  const lines = [
    pick.inFor && t("inFor", { name: pick.inFor }),
    pick.fallback && t("fallback", { role: pick.fallback }),
    ...pick.tried.map((one) => words.tried(one)),
    pick.next && t("next", { name: pick.next }),
    outside.length > 0 && !open && t("others", { list: outside.map(words.seat).join("; ") }),
    by && t("by", { name: by }),
  ].filter((line): line is string => typeof line === "string" && line !== "");
  return (
    <div className="grid min-w-0 gap-1 text-xs text-ink-2">
      <p className="text-sm break-words text-ink">{words.headline(pick)}</p>
      {pick.said && <SaidBy said={pick.said} />}
      {lines.map((line) => (
        <p key={line} className="break-words">
          {line}
        </p>
      ))}
      {pick.pool.length > 0 && (
        <details open={open}>
          <summary className="w-fit cursor-pointer text-accent-text">{t("pool")}</summary>
          <Pool pick={pick} />
        </details>
      )}
    </div>
  );
}

function SaidBy({ said }: { said: NonNullable<ToldPick["said"]> }) {
  if (!said.text && said.inputs.length === 0) return null;
  return (
    <p className="font-mono break-words">
      {said.text}
      {said.inputs.map(({ name, value }) => ` · ${name} = ${JSON.stringify(value)}`).join("")}
      {said.result !== null && ` → ${said.result}`}
    </p>
  );
}

function Pool({ pick }: { pick: ToldPick }) {
  const t = useTranslations("pick");
  const format = useFormat();
  const words = usePickWords();
  const has = (what: "weight" | "owed" | "cap") => pick.pool.some((seat) => seat[what] !== null);
  return (
    <div className="max-w-full overflow-x-auto">
      <table className="mt-1 text-xs [&_td]:px-2 [&_td]:py-0.5 [&_th]:px-2 [&_th]:text-left [&_th]:font-medium">
        <thead>
          <tr className="border-b border-line">
            <th scope="col">{t("person")}</th>
            <th scope="col">{t("open")}</th>
            {has("weight") && <th scope="col">{t("weight")}</th>}
            {has("owed") && (
              <th scope="col" title={t("owedHelp")}>
                {t("owed")}
              </th>
            )}
            {has("cap") && <th scope="col">{t("today")}</th>}
            <th scope="col">{t("could")}</th>
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {pick.pool.map((seat) => (
            <tr key={seat.id} className={seat.name === pick.chosen ? "font-semibold text-ink" : undefined}>
              <td>{seat.name}</td>
              <td>{seat.open}</td>
              {has("weight") && <td>{seat.weight}</td>}
              {has("owed") && <td>{seat.owed !== null && format.number(seat.owed, 2)}</td>}
              {has("cap") && <td>{seat.cap !== null && t("of", { n: seat.today ?? 0, cap: seat.cap })}</td>}
              <td>{seat.name === pick.chosen ? t("picked") : seat.available ? t("yes") : words.reason(seat)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Picks in words. A log of an earlier release holds sentences where codes are now: they stand as they are. */
export function usePickWords() {
  const t = useTranslations("pick");
  const reason = (seat: Seat) =>
    t.has(`reason.${seat.reason}`)
      ? t(`reason.${seat.reason}`, { skill: seat.skill ?? "", cap: seat.cap ?? 0 })
      : (seat.reason ?? "");
  const rule = (pick: ToldPick) =>
    t.has(`rule.${pick.rule}`)
      ? t(`rule.${pick.rule}`, {
          queue: pick.queue ?? pick.role,
          turn: pick.turn ?? 0,
          person: pick.said?.result ?? "",
          rule: pick.said?.name ?? (pick.said?.rule ? t("rule_n", { n: pick.said.rule }) : ""),
        })
      : pick.rule.replaceAll("_", " ");
  return {
    reason,
    seat: (seat: Seat) => t("seat", { name: seat.name, reason: reason(seat) }),
    headline: (pick: ToldPick) =>
      pick.chosen ? t("because", { name: pick.chosen, reason: rule(pick) }) : t("waits", { reason: rule(pick) }),
    tried: (one: ToldPick["tried"][number]) =>
      t("tried", { place: one.queue ?? one.role, why: t.has(`why.${one.why}`) ? t(`why.${one.why}`) : one.why }),
    /** What a person did by hand. */
    byHand: (name: string, how: string) =>
      t("because", { name, reason: t.has(`rule.${how}`) ? t(`rule.${how}`) : how }),
  };
}
