/** What managers look at: the bottleneck ranking, and the visits behind each figure. */
import { z } from "zod";
import { readAgeing } from "@/server/reports/read-ageing.ts";
import { readChanges } from "@/server/reports/read-changes.ts";
import { readFlow } from "@/server/reports/read-flow.ts";
import { kpisByNode, readKpis } from "@/server/reports/read-kpis.ts";
import { readMap } from "@/server/reports/read-map.ts";
import { readReport } from "@/server/reports/read-report.ts";
import { visitsBehind } from "@/server/reports/read-visits.ts";
import { valueWaiting } from "@/db/queries/reports.ts";
import { orAbsent } from "../errors.ts";
import { type Allowed, action, router } from "../procedure.ts";

const name = z.string().max(64);
const query = z.strictObject({
  process: name,
  from: z.number().int(),
  to: z.number().int(),
  versions: z.array(z.number().int().positive()).max(50).optional(),
  weighting: z.enum(["value", "time"]).optional(),
  time: z.enum(["work", "wall"]).optional(),
  segment: z.strictObject({ dimension: name, value: z.string().max(200) }).optional(),
});
const depsOf = ({ services }: Allowed) => ({ store: services.store, contexts: services.engine.contexts });
/** A rep's report counts their own visits. */
const mine = ({ scope, person }: Allowed) => (scope === "own" ? { owner: person.memberId } : {});

export const reportsRouter = router({
  /** Processes that have something to report on, the one with the most value waiting first. */
  processes: action("reports.read").query(async ({ ctx: { services, person } }) => {
    const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    const waiting = await valueWaiting(services.store, person.workspaceId);
    return [...context.live.values()]
      .map(({ key, name, id, version }) => ({ key, name, id, version }))
      .sort((a, b) => (waiting.get(b.key) ?? 0) - (waiting.get(a.key) ?? 0) || (a.name < b.name ? -1 : 1));
  }),
  bottlenecks: action("reports.read")
    .input(query)
    .query(async ({ ctx, input }) =>
      orAbsent(
        await readReport(depsOf(ctx), ctx.person.workspaceId, { ...input, ...mine(ctx) }, ctx.services.clock.now()),
        "This process",
      ),
    ),
  visits: action("reports.read")
    .input(query.extend({ node: name, most: z.number().int().min(1).max(5000).optional() }))
    .query(async ({ ctx, input: { most, ...input } }) =>
      orAbsent(
        await visitsBehind(
          depsOf(ctx),
          ctx.person.workspaceId,
          { ...input, ...mine(ctx) },
          ctx.services.clock.now(),
          most,
        ),
        "This process",
      ),
    ),
  /** The drawing with the volume of its edges. */
  map: action("reports.read")
    .input(query)
    .query(async ({ ctx, input }) =>
      orAbsent(
        await readMap(depsOf(ctx), ctx.person.workspaceId, { ...input, ...mine(ctx) }, ctx.services.clock.now()),
        "This process",
      ),
    ),
  /** What came in, left and was in progress, by step and day. */
  flow: action("reports.read")
    .input(query.omit({ weighting: true, time: true }))
    .query(async ({ ctx, input }) =>
      orAbsent(
        await readFlow(depsOf(ctx), ctx.person.workspaceId, { ...input, ...mine(ctx) }, ctx.services.clock.now()),
        "This process",
      ),
    ),
  /** How old what is open is, beside how long what was finished took. */
  ageing: action("reports.read")
    .input(query.omit({ weighting: true }))
    .query(async ({ ctx, input }) =>
      orAbsent(
        await readAgeing(depsOf(ctx), ctx.person.workspaceId, { ...input, ...mine(ctx) }, ctx.services.clock.now()),
        "This process",
      ),
    ),
  /** The KPIs the process names, and those of its steps by step. */
  kpis: action("reports.read")
    .input(z.strictObject({ process: name, from: z.number().int(), to: z.number().int() }))
    .query(async ({ ctx, input }) => {
      const kpis = orAbsent(
        await readKpis(depsOf(ctx), ctx.person.workspaceId, { ...input, ...mine(ctx) }, ctx.services.clock.now()),
        "This process",
      );
      return { ...kpis, steps: kpisByNode(kpis) };
    }),
  /** What each version changed. */
  changes: action("reports.read")
    .input(z.strictObject({ process: name, time: z.enum(["work", "wall"]).optional() }))
    .query(async ({ ctx, input }) =>
      orAbsent(
        await readChanges(depsOf(ctx), ctx.person.workspaceId, { ...input, ...mine(ctx) }, ctx.services.clock.now()),
        "This process",
      ),
    ),
});
