/** Whether the clock of the machine can be believed, and saying that it can. */
import { noteDeed } from "@/server/commands/note-deed.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

export const timeRouter = router({
  read: action("time.read").query(({ ctx: { services } }) => ({
    now: services.serverClock.now(),
    clock: services.serverClock.state(),
  })),
  release: action("time.release").mutation(async ({ ctx: { services, person } }) => {
    services.serverClock.release();
    await noteDeed(services.engine, askOf(services, person), { action: "time.release", subject: "clock" });
    return { now: services.serverClock.now(), clock: services.serverClock.state() };
  }),
});
