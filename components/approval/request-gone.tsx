"use client";
import { Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { buttonLook } from "../ui/button.tsx";
import { useFormat } from "../ui/locale.tsx";

/** What a link leads to whose request was taken back: it is said in one sentence, and no other request is shown in its place. */
export function RequestGone({ at }: { at: number }) {
  const t = useTranslations("decide");
  const format = useFormat();
  return (
    <article className="mx-auto grid w-full max-w-3xl grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <h1 className="text-xl font-semibold">{t("goneTitle")}</h1>
      <p role="status" className="flex items-start gap-2 rounded-md bg-mute-bg px-3 py-2 text-sm text-mute">
        <Undo2 aria-hidden className="mt-0.5 size-4 shrink-0" />
        {t("gone", { when: format.dateTime(at) })}
      </p>
      <Link href="/inbox" className={buttonLook({ kind: "quiet", className: "justify-self-start" })}>
        {t("toInbox")}
      </Link>
    </article>
  );
}
