import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { SignIn } from "@/components/sign-in.tsx";
import { ownPath } from "../come-back.ts";
import { services } from "@/server/runtime/services.ts";

export default async function Page({ searchParams }: { searchParams: Promise<{ next?: string; expired?: string }> }) {
  const { next, expired } = await searchParams;
  if (await services().isEmpty()) redirect("/setup");
  if (await services().person(await headers())) redirect(ownPath(next));
  return <SignIn next={ownPath(next)} expired={expired === "1"} demoPeople={services().demoPeople} />;
}
