import { AuditScreen } from "@/components/settings/audit-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { dayOfDate, startOfDay } from "@/server/engine/calendar/zone.ts";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("audit");

const areas = ["settings", "processes", "runs", "work", "records", "rights"] as const;

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }) {
  const { caller, me, may } = await asking();
  if (!may("audit.read")) return <NoRight />;
  const { area = "", actor = "", from = "", to = "", seq, audit } = await searchParams;
  const [first, last] = [dayOfDate(from), dayOfDate(to)];
  const wanted = areas.find((one) => one === area);
  const filter = {
    ...(wanted && { area: wanted }),
    ...(actor && { actorId: actor.slice(0, 80) }),
    ...(first !== null && { from: startOfDay(me.zone, first) }),
    ...(last !== null && { to: startOfDay(me.zone, last + 1) }),
  };
  const page = Number(seq);
  const cursor =
    Number.isSafeInteger(page) && page >= 0 && audit ? { seq: page, audit: audit.slice(0, 80) } : undefined;
  const { people } = await caller.people.list();
  return (
    <AuditScreen
      audit={await caller.audit.list({ ...filter, cursor })}
      asked={{ area: wanted ?? "", actor, from: first === null ? "" : from, to: last === null ? "" : to }}
      filter={filter}
      people={people.map(({ id, name }) => ({ id, name }))}
    />
  );
}
