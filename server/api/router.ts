/** Every procedure of the product. Pages call it through `services().caller(headers)`, browsers through /api/trpc. */
import { callerFactory, router } from "./procedure.ts";
import { auditRouter } from "./routers/audit.ts";
import { batchesRouter } from "./routers/batches.ts";
import { absencesRouter, delegationsRouter } from "./routers/absences.ts";
import { calendarsRouter } from "./routers/calendars.ts";
import { connectionsRouter } from "./routers/connections.ts";
import { inboxRouter } from "./routers/inbox.ts";
import { incidentsRouter } from "./routers/incidents.ts";
import { importsRouter } from "./routers/imports.ts";
import { jobsRouter } from "./routers/jobs.ts";
import { keysRouter } from "./routers/keys.ts";
import { liveRouter } from "./routers/live.ts";
import { meRouter } from "./routers/me.ts";
import { migrationRouter } from "./routers/migration.ts";
import { operateRouter } from "./routers/operate.ts";
import { peopleRouter } from "./routers/people.ts";
import { processesRouter } from "./routers/processes.ts";
import { recordsRouter } from "./routers/records.ts";
import { reportsRouter } from "./routers/reports.ts";
import { clockRouter } from "./routers/clock.ts";
import { clocksRouter } from "./routers/clocks.ts";
import { runsRouter } from "./routers/runs.ts";
import { fieldsRouter, mailRouter, workspaceRouter } from "./routers/settings.ts";
import { queuesRouter } from "./routers/queues.ts";
import { teamsRouter } from "./routers/teams.ts";
import { timeRouter } from "./routers/time.ts";

export const appRouter = router({
  absences: absencesRouter,
  audit: auditRouter,
  batches: batchesRouter,
  calendars: calendarsRouter,
  delegations: delegationsRouter,
  connections: connectionsRouter,
  fields: fieldsRouter,
  inbox: inboxRouter,
  incidents: incidentsRouter,
  imports: importsRouter,
  jobs: jobsRouter,
  keys: keysRouter,
  live: liveRouter,
  mail: mailRouter,
  me: meRouter,
  migration: migrationRouter,
  operate: operateRouter,
  people: peopleRouter,
  processes: processesRouter,
  queues: queuesRouter,
  records: recordsRouter,
  reports: reportsRouter,
  clock: clockRouter,
  clocks: clocksRouter,
  runs: runsRouter,
  teams: teamsRouter,
  time: timeRouter,
  workspace: workspaceRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = callerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
