import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { services } from "@/server/runtime/services.ts";

/** Everybody starts where their work is; who draws, at the draft they saved last. */
export default async function Home() {
  if (await services().isEmpty()) redirect("/setup");
  const person = await services().person(await headers());
  if (!person) redirect("/sign-in");
  if (person.roles.includes("rep")) redirect("/inbox");
  if (person.roles.includes("manager")) redirect("/reports");
  const caller = await services().caller(await headers());
  const mine = (await caller.processes.list()).flatMap(({ id, drafts }) =>
    drafts.flatMap((draft) => (draft.mine ? { id, savedAt: draft.savedAt } : [])),
  );
  const last = mine.sort((a, b) => b.savedAt - a.savedAt)[0];
  redirect(last ? `/processes/${last.id}/edit` : "/processes");
}
