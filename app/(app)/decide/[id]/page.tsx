import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { DecideScreen } from "@/components/approval/decide-screen.tsx";
import { RequestGone } from "@/components/approval/request-gone.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Read once for title and page. Reading decides nothing: mail programs and previews open links by themselves. */
const read = cache(async (id: string, of: number) =>
  (await services().caller(await headers())).inbox
    .decision({ id: decodeURIComponent(id), ...(Number.isSafeInteger(of) && of > 0 && { of }) })
    .catch(() => null),
);
const readFor = async ({ params, searchParams }: Props) => read((await params).id, Number((await searchParams).of));

export const generateMetadata = async (props: Props) => {
  const asked = await readFor(props);
  return titleOf("decide", asked && asked.state !== "gone" ? asked.card.title : undefined);
};

export default async function Page(props: Props) {
  const asked = await readFor(props);
  if (!asked) notFound();
  if (asked.state === "gone") return <RequestGone at={asked.at} />;
  return <DecideScreen key={`${asked.card.id} ${asked.state}`} asked={asked} />;
}
