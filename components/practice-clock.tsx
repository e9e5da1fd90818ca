"use client";
import { useQuery } from "@tanstack/react-query";
import { FastForward } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "./api.tsx";
import { Button } from "./ui/button.tsx";
import { useFormat } from "./ui/locale.tsx";
import { useAct } from "./use-act.ts";

const steps = ["PT1H", "P1D", "P7D"] as const;

/**
 * The clock of a workspace for practice, and for admins the buttons that move it ahead. Nothing in one that does real work, but where
 * it is offered to make it one for practice.
 */
export function PracticeClock({ offer = false }: { offer?: boolean }) {
  const t = useTranslations("practiceClock");
  const format = useFormat();
  const client = useTRPCClient();
  const router = useRouter();
  const { busy, act } = useAct();
  const [moved, setMoved] = useState(0);
  const shown = useQuery({
    queryKey: ["clock.show", moved],
    queryFn: () => client.clock.show.query(),
    refetchInterval: 30_000,
    retry: false,
  });
  const clock = shown.data;
  if (clock && !clock.allowed && clock.mayMove && offer)
    return (
      <section aria-label={t("title")} className="grid justify-items-start gap-2 text-sm">
        <p className="text-ink-2">{t("about")}</p>
        <Button
          disabled={busy}
          onClick={() =>
            void act(async () => {
              await client.clock.practice.mutate({ on: true });
              setMoved((n) => n + 1);
            })
          }
        >
          {t("begin")}
        </Button>
      </section>
    );
  if (!clock?.allowed || !(clock.mayMove || clock.ahead > 0)) return null;
  const move = (by?: string) =>
    void act(async () => {
      await client.clock.advance.mutate(by ? { by } : {});
      setMoved((n) => n + 1);
      router.refresh();
    });
  return (
    <section
      aria-label={t("title")}
      className="flex flex-wrap items-center gap-2 rounded-md border border-dashed border-line-strong px-3 py-1.5 text-xs"
    >
      <FastForward aria-hidden className="size-3.5 text-ink-3" />
      <span aria-live="polite">{t("now", { when: format.dateTime(clock.now) })}</span>
      {clock.mayMove && (
        <>
          {steps.map((by) => (
            <Button key={by} size="small" disabled={busy} onClick={() => move(by)}>
              {t(`step.${by}`)}
            </Button>
          ))}
          <Button size="small" disabled={busy || !clock.next} onClick={() => move()}>
            {clock.next ? t("next", { when: format.dateTime(clock.next.at) }) : t("nothing")}
          </Button>
        </>
      )}
      <span className="text-ink-3">{t("held")}</span>
    </section>
  );
}
