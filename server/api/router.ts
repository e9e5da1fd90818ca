/** Every procedure of the product. Pages call it through `services().caller(headers)`, browsers through /api/trpc. */
import { callerFactory, router } from "./procedure.ts";
import { auditRouter } from "./routers/audit.ts";
import { absencesRouter, calendarsRouter } from "./routers/calendars.ts";
import { connectionsRouter } from "./routers/connections.ts";
import { inboxRouter } from "./routers/inbox.ts";
import { incidentsRouter } from "./routers/incidents.ts";
import { importsRouter } from "./routers/imports.ts";
import { keysRouter } from "./routers/keys.ts";
import { liveRouter } from "./routers/live.ts";
import { meRouter } from "./routers/me.ts";
import { peopleRouter } from "./routers/people.ts";
import { processesRouter } from "./routers/processes.ts";
import { recordsRouter } from "./routers/records.ts";
import { reportsRouter } from "./routers/reports.ts";
import { clocksRouter } from "./routers/clocks.ts";
import { runsRouter } from "./routers/runs.ts";
import { fieldsRouter, mailRouter, workspaceRouter } from "./routers/settings.ts";
import { queuesRouter, teamsRouter } from "./routers/teams.ts";

export const appRouter = router({
  absences: absencesRouter,
  audit: auditRouter,
  calendars: calendarsRouter,
  connections: connectionsRouter,
  fields: fieldsRouter,
  inbox: inboxRouter,
  incidents: incidentsRouter,
  imports: importsRouter,
  keys: keysRouter,
  live: liveRouter,
  mail: mailRouter,
  me: meRouter,
  people: peopleRouter,
  processes: processesRouter,
  queues: queuesRouter,
  records: recordsRouter,
  reports: reportsRouter,
  clocks: clocksRouter,
  runs: runsRouter,
  teams: teamsRouter,
  workspace: workspaceRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = callerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
