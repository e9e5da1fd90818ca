import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { services } from "@/server/runtime/services.ts";

/** Everybody starts where their work is. */
export default async function Home() {
  if (await services().isEmpty()) redirect("/setup");
  const person = await services().person(await headers());
  if (!person) redirect("/sign-in");
  redirect(person.roles.includes("rep") ? "/inbox" : person.roles.includes("manager") ? "/reports" : "/processes");
}
