/** Every procedure of the product. Pages call it through `services().caller(headers)`, browsers through /api/trpc. */
import { callerFactory, router } from "./procedure.ts";
import { inboxRouter } from "./routers/inbox.ts";
import { importsRouter } from "./routers/imports.ts";
import { keysRouter } from "./routers/keys.ts";
import { liveRouter } from "./routers/live.ts";
import { meRouter } from "./routers/me.ts";
import { peopleRouter } from "./routers/people.ts";
import { processesRouter } from "./routers/processes.ts";
import { recordsRouter } from "./routers/records.ts";
import { reportsRouter } from "./routers/reports.ts";
import { runsRouter } from "./routers/runs.ts";

export const appRouter = router({
  inbox: inboxRouter,
  imports: importsRouter,
  keys: keysRouter,
  live: liveRouter,
  me: meRouter,
  people: peopleRouter,
  processes: processesRouter,
  records: recordsRouter,
  reports: reportsRouter,
  runs: runsRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = callerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
