/** Where a condition can turn by the clock alone, worked out from its text. */
import { expect, it } from "vitest";
import { type Compiled, compile, toFeel } from "../expression/index.ts";
import { turningPoints, turnOf } from "./turning-points.ts";

const zone = "Asia/Ho_Chi_Minh";
const values: Record<string, string> = { "deal.opens": "2026-03-05T02:00:00Z", "deal.closes": "2026-03-09T02:00:00Z" };

/** The instants, with `deal.opens` on the 5th and `deal.closes` on the 9th of March 2026, both at two in the morning of UTC. */
function instants(text: string) {
  const { points, free } = turningPoints(text);
  const written = points.map(({ at }) => {
    const filled = Object.entries(values).reduce((done, [name, value]) => done.replaceAll(name, `@"${value}"`), at);
    const compiled = compile(filled);
    if (!compiled.ok) throw new Error(`${at}: ${compiled.problems[0]!.text}`);
    const { value } = compiled.expression.evaluate({ get: () => undefined, now: 0, zone });
    return value && typeof value === "object" && "text" in value ? value.text : value;
  });
  return free ? [...written, "free"] : written;
}

it.each<[string, unknown[]]>([
  ["deal.amount > 5", []],
  ["now() > deal.opens", ["2026-03-05T02:00:00Z"]],
  ["deal.opens <= now()", ["2026-03-05T02:00:00Z"]],
  ['now() > deal.opens - duration("P3D")', ["2026-03-02T02:00:00Z"]],
  ['deal.opens + @"PT1H" < now()', ["2026-03-05T03:00:00Z"]],
  ['now() + @"P1D" > deal.opens', ["2026-03-04T02:00:00Z"]],
  ['now() - @"P1D" > deal.opens', ["2026-03-06T02:00:00Z"]],
  ['@"P1D" + now() > deal.opens', ["2026-03-04T02:00:00Z"]],
  ['now() - deal.opens > duration("P5D")', ["2026-03-10T02:00:00Z"]],
  ['deal.opens - now() < duration("PT6H")', ["2026-03-04T20:00:00Z"]],
  ['duration("PT6H") >= deal.opens - now()', ["2026-03-04T20:00:00Z"]],
  ['now() - @"PT1H" - deal.opens > @"P1D" - @"PT1H"', ["2026-03-06T02:00:00Z"]],
  ["now() between deal.opens and deal.closes", ["2026-03-05T02:00:00Z", "2026-03-09T02:00:00Z"]],
  ['deal.opens between now() and now() + @"P2D"', ["2026-03-05T02:00:00Z", "2026-03-03T02:00:00Z"]],
  ["now() in [deal.opens..deal.closes)", ["2026-03-05T02:00:00Z", "2026-03-09T02:00:00Z"]],
  ["now() in (> deal.opens)", ["2026-03-05T02:00:00Z"]],
  ["not(now() > deal.opens) or deal.amount > 3", ["2026-03-05T02:00:00Z"]],
  ["if deal.big then now() > deal.opens else now() > deal.closes", ["2026-03-05T02:00:00Z", "2026-03-09T02:00:00Z"]],
  ["now() - deal.opens > now() - deal.closes", ["free"]],
  ["hour(now()) >= 9", ["free"]],
  ["now().hour >= 9 and now() > deal.opens", ["2026-03-05T02:00:00Z", "free"]],
  ["now()", ["free"]],
  ["some d in deals satisfies now() > d.opens", ["free"]],
  ["count(deals[now() > opens]) > 0", ["free"]],
  ['(now() - deal.opens) * 2 > @"P1D"', ["free"]],
  ["now() > deal.opens )", []],
])("%s", (text, at) => expect(instants(text)).toEqual(at));

const read = (text: string): Compiled => {
  const result = compile(text);
  if (!result.ok) throw new Error(text);
  return result.expression;
};

/** In the nights of the 29th of March and the 25th of October 2026 the clocks of Berlin are put forward and back. */
it.each(
  [
    "now() > deal.opens",
    'now() > deal.opens + @"PT30H"',
    'now() + @"PT30H" > deal.opens',
    'now() - @"P2D" >= deal.opens',
    'now() - deal.opens > @"PT26H"',
    'deal.opens - now() < @"PT26H"',
    'now() + @"P2D" - @"PT5H" < deal.opens',
    'deal.opens between now() - @"P1D" and now() + @"P1D"',
    'now() - @"P1M" > deal.opens',
    'now() - date("2026-10-24") > @"PT30H"',
    'now() - date("2026-03-28") > @"PT30H"',
  ].flatMap((text) => ["Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"].map((place) => [text, place] as const)),
)("whatever the clocks do, nothing turns unseen: %s in %s", (text, place) => {
  const whole = read(text);
  const { points } = turningPoints(text);
  const compiled = points.map(({ at, against, moved }) => ({
    at: read(at),
    against: read(against),
    moved: moved.map(read),
  }));
  const step = 30 * 60_000;
  for (const opens of [Date.UTC(2026, 2, 29, 3, 10), Date.UTC(2026, 9, 25, 3, 10)]) {
    const value = (it: Compiled, now: number) =>
      it.evaluate({
        now,
        zone: place,
        get: (name) => (name === "deal" ? { opens: toFeel(opens, "datetime") } : undefined),
      }).value;
    let turned = 0;
    for (let at = opens - 4 * 86_400_000; at < opens + 34 * 86_400_000; at += step) {
      if (value(whole, at) === value(whole, at + step)) continue;
      turned++;
      const next = Math.min(...compiled.map((point) => turnOf(point, (it) => value(it, at), at, place)));
      // What is looked at each hour is seen within one.
      const patient = points.some(({ moved }) => moved.some((one) => /P1M|date/.test(one)));
      expect(next, new Date(at).toISOString()).toBeLessThanOrEqual(at + (patient ? 3_600_000 : step));
    }
    expect(turned).toBeGreaterThanOrEqual(text.includes("date(") ? 0 : 1);
  }
});
