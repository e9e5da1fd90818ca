import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { VersionsScreen } from "@/components/canvas/versions-screen.tsx";
import { readProcess } from "@/app/reads.ts";
import { titleOf } from "@/app/title.ts";
import { services } from "@/server/runtime/services.ts";

export const generateMetadata = async ({ params }: { params: Promise<{ id: string }> }) =>
  titleOf("versions", (await readProcess((await params).id))?.name);

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ a?: string; b?: string }>;
}) {
  const sent = await headers();
  const caller = await services().caller(sent);
  const person = await services().person(sent);
  const { id } = await params;
  const process = await readProcess(id);
  if (!process) notFound();
  const { a, b } = await searchParams;
  const [newest, older] = process.versions;
  const side = async (asked: string | undefined, otherwise: number | undefined) => {
    const version = process.versions.find((v) => String(v.version) === asked)?.version ?? otherwise;
    if (version === undefined) return null;
    const { document } = await caller.processes.read({ id, version });
    return document && { version, document };
  };
  return (
    <VersionsScreen
      process={process}
      before={await side(a, older?.version)}
      after={await side(b, older && newest?.version)}
      mayEdit={person?.roles.some((r) => r === "ops" || r === "admin") ?? false}
    />
  );
}
