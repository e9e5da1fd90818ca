import { headers } from "next/headers";
import { InboxScreen } from "@/components/inbox/inbox-screen.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("inbox");

export default async function Page({ searchParams }: { searchParams: Promise<{ task?: string }> }) {
  const caller = await services().caller(await headers());
  const { task } = await searchParams;
  const inbox = await caller.inbox.list();
  const first = task ?? inbox.rows.find((r) => r.split === "now" || r.split === "today")?.id ?? null;
  const card = first ? await caller.inbox.card({ id: first }).catch(() => null) : null;
  return <InboxScreen inbox={inbox} card={card} selected={card ? first : null} />;
}
