import { headers } from "next/headers";
import { trailOf } from "@/app/trail.ts";
import { preferences } from "@/app/preferences.ts";
import { Crumbs } from "@/components/shell/crumbs.tsx";
import en from "@/messages/en.json";
import vi from "@/messages/vi.json";
import { services } from "@/server/runtime/services.ts";

type Props = {
  params: Promise<{ path?: string[] }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/**
 * The trail of whatever page of a section is shown, in the shell's bar. Every section has a page in the slot, so that none keeps the
 * trail of the one before; a catch-all over all of them would also take sign-in and set-up, which have no shell.
 */
export const crumbsOf = (section: string) =>
  async function Page({ params, searchParams }: Props) {
    if (!(await services().person(await headers()))) return null;
    const trail = await trailOf([section, ...((await params).path ?? [])], await searchParams);
    const { locale } = await preferences();
    return trail && <Crumbs label={(locale === "vi" ? vi : en).shell.trail} trail={trail} />;
  };
