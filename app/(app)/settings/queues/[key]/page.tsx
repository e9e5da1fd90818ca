import { notFound } from "next/navigation";
import { ledgerDays } from "@/components/routing/ledger-days.ts";
import { LedgerScreen } from "@/components/routing/ledger-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { localDay, startOfDay } from "@/server/engine/calendar/zone.ts";
import { services } from "@/server/runtime/services.ts";
import { asking } from "@/app/asking.ts";
import { readQueues } from "@/app/reads.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("ledger");

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ key: string }>;
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { caller, me, may } = await asking();
  if (!may("queues.read")) return <NoRight />;
  const { key } = await params;
  if (!(await readQueues()).some((queue) => queue.key === key)) notFound();
  const asked = Number((await searchParams).days ?? 30);
  const days = [...ledgerDays].find((n) => n === asked) ?? 30;
  const today = localDay(me.zone, services().clock.now());
  const period = { from: startOfDay(me.zone, today - days + 1), to: startOfDay(me.zone, today + 1) };
  return <LedgerScreen ledger={await caller.queues.ledger({ key, ...period })} days={days} period={period} />;
}
