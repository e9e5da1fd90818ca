"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "../ui/cn.ts";
import { ColumnName, headLook, rowLook, selectLook } from "./map-table.tsx";
import type { Checked, Choice } from "./plan.ts";

type Offer = Checked["edges"][number];

/** Connections into joins and events at the edge of steps: what each becomes as found, and where it is to be another. */
export function PairTables({
  checked,
  choice,
  onChange,
}: {
  checked: Checked;
  choice: Choice;
  onChange: (choice: Choice) => void;
}) {
  const t = useTranslations("migrate");
  return (
    <>
      <PairTable
        title={t("boundaries")}
        nothing={t("boundaryNothing")}
        offers={checked.boundaries}
        onChoose={(from, to) => onChange({ ...choice, boundaries: { ...choice.boundaries, [from]: to } })}
      />
      <PairTable
        title={t("connections")}
        nothing={t("connectionNothing")}
        offers={checked.edges}
        onChoose={(from, to) => onChange({ ...choice, edges: { ...choice.edges, [from]: to } })}
      />
    </>
  );
}

/** Open where something was not found; else folded, as it is right as it stands. */
function PairTable({
  title,
  nothing,
  offers,
  onChoose,
}: {
  title: string;
  nothing: string;
  offers: readonly Offer[];
  onChoose: (from: string, to: string) => void;
}) {
  const t = useTranslations("migrate");
  const unfound = offers.filter(({ to, may }) => to === null && may.length > 0).length;
  // It stays open when the last one was chosen: nothing folds away under somebody's hand.
  const [open, setOpen] = useState(false);
  if (offers.length === 0) return null;
  return (
    <details
      open={open || unfound > 0}
      onToggle={(e) => setOpen(e.currentTarget.open)}
      className="rounded-lg border border-line bg-surface"
    >
      <summary className="cursor-pointer px-3 py-2 text-sm font-semibold">
        {title}{" "}
        <span className="font-normal text-ink-2">
          {unfound > 0 ? t("pairsOpen", { n: unfound }) : t("pairsFound", { n: offers.length })}
        </span>
      </summary>
      <div className="overflow-x-auto" role="group" aria-label={title} tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className={headLook}>
              <th scope="col">{t("now")}</th>
              <th scope="col">{t("becomes")}</th>
            </tr>
          </thead>
          <tbody>
            {offers.map(({ from, name, to, may }) => (
              <tr key={from} className={rowLook}>
                <th scope="row" className="px-3 py-2 text-left font-medium">
                  {name}
                </th>
                <td>
                  <ColumnName>{t("becomes")}</ColumnName>
                  {may.length === 0 ? (
                    <span className="text-ink-2">{nothing}</span>
                  ) : (
                    <select
                      aria-label={t("becomesOf", { name })}
                      className={cn(selectLook, to === null && "border-risk-solid")}
                      value={to ?? ""}
                      onChange={(e) => e.target.value && onChoose(from, e.target.value)}
                    >
                      {to === null && <option value="">{nothing}</option>}
                      {may.map((one) => (
                        <option key={one.id} value={one.id}>
                          {one.name}
                        </option>
                      ))}
                    </select>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
