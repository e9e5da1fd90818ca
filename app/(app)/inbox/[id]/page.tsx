import { redirect } from "next/navigation";

/** A link to one task opens the inbox at it. */
export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  redirect(`/inbox?task=${encodeURIComponent((await params).id)}`);
}
