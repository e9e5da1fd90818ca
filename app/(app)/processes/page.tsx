import { headers } from "next/headers";
import { ProcessList } from "@/components/process/process-list.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("processes");

export default async function Page() {
  const sent = await headers();
  const caller = await services().caller(sent);
  const person = await services().person(sent);
  return (
    <ProcessList
      processes={await caller.processes.list()}
      templates={await caller.processes.templates()}
      mayEdit={person?.roles.some((r) => r === "ops" || r === "admin") ?? false}
    />
  );
}
