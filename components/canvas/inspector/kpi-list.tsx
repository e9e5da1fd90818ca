"use client";
import { useTranslations } from "use-intl";
import type { ProcessKpi } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { useChoices } from "../choices.tsx";
import type { EditorState } from "../use-editor.ts";
import { Item } from "./part.tsx";
import { Strict } from "./text-field.tsx";

/** The KPIs of one step, or of the whole process, chosen from the catalogue; each with its target and which way is better. */
export function KpiList({ editor, node }: { editor: EditorState; node: string | null }) {
  const t = useTranslations("editor");
  const { kpis } = useChoices();
  const { doc, run } = editor;
  const own = doc.kpis.filter((k) => (k.node ?? null) === node);
  const offered = kpis.filter((k) => (node === null ? k.ofProcess : k.ofStep) && !own.some((o) => o.kpi === k.id));
  const put = (old: ProcessKpi, next: ProcessKpi | null, typing: string | null = null) =>
    run(
      t("did.kpi"),
      (d) => ({
        ...d,
        kpis: d.kpis.flatMap((k) =>
          k === old || (k.kpi === old.kpi && k.node === old.node) ? (next ? [next] : []) : [k],
        ),
      }),
      typing,
    );
  const option = (k: (typeof kpis)[number]) => (
    <option key={k.id} value={k.id}>
      {k.name}
    </option>
  );
  return (
    <>
      {own.length === 0 && <p className="text-sm text-ink-2">{node === null ? t("kpiNoneProcess") : t("kpiNone")}</p>}
      {own.map((one) => {
        const known = kpis.find((k) => k.id === one.kpi);
        return (
          <Item
            key={one.kpi}
            title={known?.name ?? one.kpi}
            remove={t("removeKpi", { name: known?.name ?? one.kpi })}
            onRemove={() => put(one, null)}
          >
            {known && <p className="text-xs text-ink-3">{known.definition}</p>}
            <Strict
              label={t("kpiTarget", { unit: known?.unit ?? "" })}
              help={
                known &&
                `${t(`direction.${known.direction}`)}${known.target ? ` · ${t("kpiUsual", { target: known.target })}` : ""}`
              }
              value={one.target === undefined ? "" : String(one.target)}
              accept={(v) => v === "" || /^-?\d+(\.\d+)?$/.test(v)}
              wrong={t("wrong.number")}
              onChange={(v) => {
                const { target: _, ...rest } = one;
                put(one, v === "" ? rest : { ...rest, target: Number(v) }, `kpi:${node ?? ""}:${one.kpi}`);
              }}
            />
            {known && !known.computable && <p className="text-xs text-ink-3">{t("kpiNotComputed")}</p>}
          </Item>
        );
      })}
      <select
        className={inputLook}
        aria-label={t("addKpi")}
        value=""
        onChange={(e) =>
          e.target.value &&
          run(t("did.kpi"), (d) => ({
            ...d,
            kpis: [...d.kpis, { kpi: e.target.value, ...(node !== null && { node }) }],
          }))
        }
      >
        <option value="">{t("addKpi")}</option>
        <optgroup label={t("kpiComputed")}>{offered.filter((k) => k.computable).map(option)}</optgroup>
        <optgroup label={t("kpiNamed")}>{offered.filter((k) => !k.computable).map(option)}</optgroup>
      </select>
    </>
  );
}
