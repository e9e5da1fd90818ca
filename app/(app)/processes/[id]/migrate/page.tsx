import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { titleOf } from "@/app/title.ts";
import { MigrateScreen } from "@/components/migrate/migrate-screen.tsx";
import { services } from "@/server/runtime/services.ts";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ from?: string; into?: string; to?: string }>;
};

export const generateMetadata = async () => titleOf("migrate");

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
  const source = own?.versions.find(({ version }) => String(version) === from) ?? most ?? own?.versions[0];
  const target =
    process?.versions.find(({ version }) => String(version) === to) ??
    process?.versions.find(({ version }) => version === process.live) ??
    process?.versions[0];
  const between =
    source && target && process
      ? {
          from: { process: versions.key, version: source.version },
          to: { process: process.key, version: target.version },
        }
      : null;
  const same = between?.from.process === between?.to.process && between?.from.version === between?.to.version;
  const proposed = between && !same ? await caller.migration.propose(between) : null;
  const { batches } = await caller.batches.list();
  const lately = batches.filter((batch) => isOf(batch, versions.key));
  return (
    <MigrateScreen
      key={JSON.stringify(between)}
      id={id}
      versions={versions}
      between={between}
      proposed={proposed}
      lately={lately}
      undone={batches.filter(({ kind }) => kind === "undo_migration")}
    />
  );
}

/** A batch that moved runs of this process. */
function isOf({ kind, params }: { kind: string; params: unknown }, process: string): boolean {
  const { from } = (params ?? {}) as { from?: { process?: unknown } };
  return kind === "migrate" && from?.process === process;
}
