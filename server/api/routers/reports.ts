/** What managers look at: the bottleneck ranking, and the visits behind each figure. */
import { z } from "zod";
import { readReport, visitsBehind } from "@/server/reports/read-report.ts";
import { valueWaiting } from "@/db/queries/reports.ts";
import { orAbsent } from "../errors.ts";
import { action, router } from "../procedure.ts";

const query = z.strictObject({
  process: z.string().max(64),
  from: z.number().int(),
  to: z.number().int(),
  versions: z.array(z.number().int().positive()).max(50).optional(),
  weighting: z.enum(["value", "time"]).optional(),
  time: z.enum(["work", "wall"]).optional(),
});

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
    .query(async ({ ctx: { services, person }, input }) =>
      orAbsent(
        await readReport(
          { store: services.store, contexts: services.engine.contexts },
          person.workspaceId,
          input,
          services.clock.now(),
        ),
        "This process",
      ),
    ),
  visits: action("reports.read")
    .input(query.extend({ node: z.string().max(64), most: z.number().int().min(1).max(5000).optional() }))
    .query(async ({ ctx: { services, person }, input: { most, ...input } }) =>
      orAbsent(
        await visitsBehind(
          { store: services.store, contexts: services.engine.contexts },
          person.workspaceId,
          input,
          services.clock.now(),
          most,
        ),
        "This process",
      ),
    ),
});
