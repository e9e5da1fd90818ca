/** Every procedure of the product. Pages call it through `services().caller(headers)`, browsers through /api/trpc. */
import { callerFactory, router } from "./procedure.ts";
import { keysRouter } from "./routers/keys.ts";
import { liveRouter } from "./routers/live.ts";
import { meRouter } from "./routers/me.ts";
import { peopleRouter } from "./routers/people.ts";

export const appRouter = router({
  keys: keysRouter,
  live: liveRouter,
  me: meRouter,
  people: peopleRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = callerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
