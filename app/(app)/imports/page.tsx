import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { ImportsScreen } from "@/components/imports/imports-screen.tsx";
import { titleOf } from "@/app/title.ts";
import { services } from "@/server/runtime/services.ts";

export const generateMetadata = () => titleOf("imports");

export default async function Page({ searchParams }: { searchParams: Promise<{ id?: string }> }) {
  const sent = await headers();
  const [person, caller, { id }] = await Promise.all([services().person(sent), services().caller(sent), searchParams]);
  if (!person?.roles.some((role) => role === "ops" || role === "admin")) redirect("/records");
  const processes = (await caller.processes.list()).flatMap(({ key, name, recordType, liveVersion }) =>
    liveVersion === null ? [] : [{ key, name, recordType }],
  );
  return (
    <ImportsScreen
      past={await caller.imports.list()}
      types={await caller.records.types()}
      processes={processes}
      shown={id && /^[\w-]{1,80}$/.test(id) ? id : null}
    />
  );
}
