import { IncidentsScreen } from "@/components/incidents/incidents-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("incidents");

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }) {
  const { caller, may } = await asking();
  if (!may("incidents.read")) return <NoRight />;
  const read = (text: string | undefined) => (text ?? "").slice(0, 80);
  const found = await searchParams;
  const asked = { process: read(found["process"]), node: read(found["node"]), code: read(found["code"]) };
  const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ""));
  return <IncidentsScreen view={await caller.incidents.list(filter)} asked={asked} />;
}
