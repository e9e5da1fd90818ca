import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kpiFormulas } from "./evaluate.ts";
import { computableKpis, kpi, kpiCatalogue, meetsTarget } from "./catalogue.ts";

type Written = {
  kpis: {
    id: string;
    name: string;
    level: string[];
    unit: string;
    direction: string;
    definition: string;
    formula: string;
    target: string | number;
  }[];
};

const file = path.join(process.cwd(), "..", "shared", "domain", "kpi-catalogue.yaml");

describe.runIf(existsSync(file))("the written catalogue", () => {
  const written: Written = existsSync(file) ? parse(readFileSync(file, "utf8")) : { kpis: [] };

  it("has the same KPIs, in the same order, said the same way", () => {
    expect(
      kpiCatalogue.map(({ id, name, levels, unit, direction, definition, formula, targetText }) => ({
        id,
        name: name.en,
        level: levels,
        unit,
        direction,
        definition: definition.en,
        formula,
        target: targetText,
      })),
    ).toEqual(
      written.kpis.map(({ id, name, level, unit, direction, definition, formula, target }) => ({
        id,
        name,
        level,
        unit,
        direction,
        definition,
        formula,
        target: String(target),
      })),
    );
  });
});

it("computes only what it lists, and explains every KPI in both languages", () => {
  expect(kpiCatalogue.filter(({ computable }) => computable).map(({ id }) => id)).toEqual([...computableKpis]);
  for (const { name } of kpiCatalogue) expect(name.vi).not.toBe("");
  for (const { id, definition } of kpiCatalogue) expect([id, definition.vi.length > 10]).toEqual([id, true]);
  expect(kpi("cei")?.computable).toBe(false);
  expect([...computableKpis].sort()).toEqual(Object.keys(kpiFormulas).sort());
  expect(kpi("made_up")).toBeNull();
});

it("has a number for a target only where the catalogue names one for everybody", () => {
  expect(
    [
      kpi("sla_attainment"),
      kpi("rework_rate"),
      kpi("capacity_utilisation"),
      kpi("forecast_bias"),
      kpi("meeting_show_rate"),
      kpi("throughput"),
    ].map((one) => one?.target),
  ).toEqual([{ min: 90 }, { max: 10 }, { min: 70, max: 85 }, { min: -5, max: 5 }, null, null]);
});

it.each([
  [90, { min: 90 }, true],
  [89.9, { min: 90 }, false],
  [10, { max: 10 }, true],
  [86, { min: 70, max: 85 }, false],
  [86, null, null],
  [86, {}, null],
])("%s against %j", (value, target, met) => {
  expect(meetsTarget(value, target)).toBe(met);
});
