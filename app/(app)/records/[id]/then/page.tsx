import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { titleOf } from "@/app/title.ts";
import { ThenScreen } from "@/components/record/then-screen.tsx";
import { services } from "@/server/runtime/services.ts";

type Asked = { params: Promise<{ id: string }>; searchParams: Promise<{ run?: string; at?: string; seq?: string }> };

const whole = (text: string | undefined) => (text && /^\d{1,16}$/.test(text) ? Number(text) : undefined);

/** Read once for title and page: a run of this record at the instant or event of the address, else now. */
const read = cache(async (id: string, run: string | undefined, at: number | undefined, seq: number | undefined) => {
  const caller = await services().caller(await headers());
  const found = run ?? (await caller.records.read({ id }).catch(() => null))?.runs[0]?.id;
  if (!found) return null;
  return caller.runs.asOf({ id: found, ...(at && { at }), ...(seq && { seq }) }).catch(() => null);
});
const asked = async ({ params, searchParams }: Asked) => {
  const [{ id }, { run, at, seq }] = await Promise.all([params, searchParams]);
  const view = await read(id, run, whole(at), whole(seq));
  return view?.record.id === id ? view : null;
};

export const generateMetadata = async (props: Asked) => titleOf("then", (await asked(props))?.record.title);

export default async function Page(props: Asked) {
  const view = await asked(props);
  if (!view) notFound();
  return <ThenScreen first={view} />;
}
