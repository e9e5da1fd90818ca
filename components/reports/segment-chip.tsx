import { X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useSegmentName } from "./dimension.ts";

/** Which part of the visits the whole page counts, and the way back to all of them. */
export function SegmentChip({
  segment,
  labels,
  clear,
}: {
  segment: { dimension: string; value: string };
  labels: Readonly<Record<string, string>>;
  clear: string;
}) {
  const t = useTranslations("reports");
  const name = useSegmentName(labels);
  return (
    <p className="flex items-center gap-2 text-sm">
      {t("only", { segment: name(segment) })}
      <Link
        href={clear}
        className="inline-flex h-6 items-center gap-1 rounded-full bg-mute-bg px-2 text-xs font-semibold text-mute hover:bg-sunken"
      >
        <X aria-hidden className="size-3" />
        {t("everything")}
      </Link>
    </p>
  );
}
