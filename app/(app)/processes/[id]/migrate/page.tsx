import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { readProcess } from "@/app/reads.ts";
import { titleOf } from "@/app/title.ts";
import { MigrateScreen } from "@/components/migrate/migrate-screen.tsx";
import { services } from "@/server/runtime/services.ts";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ from?: string; into?: string; to?: string }>;
};

export const generateMetadata = async ({ params }: Props) =>
  titleOf("migrate", (await readProcess((await params).id))?.name);

export default async function Page({ params, searchParams }: Props) {
  const caller = await services().caller(await headers());
  const { id } = await params;
  const versions = await caller.migration.versions({ id }).catch(() => null);
  if (!versions) notFound();
  const { from, into, to } = await searchParams;
  const own = versions.targets.find(({ key }) => key === versions.key);
  const process = versions.targets.find(({ key }) => key === into) ?? own;
  // What most runs are on that new ones do not start on is what one comes here for.
  const behind = own?.versions.filter(({ version, runs }) => runs > 0 && version !== own.live) ?? [];
  const most = behind.toSorted((a, b) => b.runs - a.runs)[0] ?? own?.versions.find(({ runs }) => runs > 0);
  const asked = new Set((from ?? "").split(".").map(Number));
  const named = own?.versions.filter(({ version }) => asked.has(version)) ?? [];
  const chosen = named.length > 0 ? named : [most ?? own?.versions[0]].filter((one) => one !== undefined);
  const target =
    process?.versions.find(({ version }) => String(version) === to) ??
    process?.versions.find(({ version }) => version === process.live) ??
    process?.versions[0];
  const ends = target && process ? { process: process.key, version: target.version } : null;
  const sources = await Promise.all(
    chosen
      .toSorted((a, b) => a.version - b.version)
      .slice(0, mostVersions)
      .flatMap(({ version }) => (ends ? { from: { process: versions.key, version }, to: ends } : []))
      .map(async (between) => {
        const same = between.from.process === between.to.process && between.from.version === between.to.version;
        return { between, proposed: same ? null : await caller.migration.propose(between) };
      }),
  );
  const { batches } = await caller.batches.list();
  const lately = batches.filter((batch) => isOf(batch, versions.key));
  return (
    <MigrateScreen
      key={JSON.stringify(sources.map(({ between }) => between))}
      id={id}
      versions={versions}
      to={ends}
      sources={sources}
      lately={lately}
      undone={batches.filter(({ kind }) => kind === "undo_migration")}
    />
  );
}

/** At most as many versions at a time. */
const mostVersions = 20;

/** A batch that moved runs of this process. */
function isOf({ kind, params }: { kind: string; params: unknown }, process: string): boolean {
  const { from } = (params ?? {}) as { from?: { process?: unknown } };
  return kind === "migrate" && from?.process === process;
}
