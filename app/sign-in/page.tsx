import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { SignIn } from "@/components/sign-in.tsx";
import { services } from "@/server/runtime/services.ts";

export default async function Page({ searchParams }: { searchParams: Promise<{ next?: string; expired?: string }> }) {
  const { next, expired } = await searchParams;
  if (await services().isEmpty()) redirect("/setup");
  if (await services().person(await headers())) redirect("/");
  return (
    <SignIn
      next={next?.startsWith("/") && !next.startsWith("//") ? next : "/"}
      expired={expired === "1"}
      demoPeople={services().demoPeople}
    />
  );
}
