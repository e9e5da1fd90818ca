"use client";
import { Scale, ScrollText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { QueueDialog } from "../routing/queue-dialog.tsx";
import { RebalanceDialog } from "../routing/rebalance-dialog.tsx";
import { buttonLook } from "../ui/button.tsx";
import { Status } from "../ui/status.tsx";
import type { People } from "./people-screen.tsx";
import { Add, List, RowButton, Screen, UsedBy } from "./screen.tsx";
import { useAct } from "../use-act.ts";

export type Queues = Awaited<ReturnType<Caller["queues"]["list"]>>;

/** From which people take work, and in which order they are offered it. */
export function QueuesScreen({ queues, people, mayChange }: { queues: Queues; people: People; mayChange: boolean }) {
  const t = useTranslations("settings.queues");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const r = useTranslations("routing");
  const e = useTranslations("editor");
  const [editing, setEditing] = useState<Queues[number] | "new" | null>(null);
  const [balancing, setBalancing] = useState<Queues[number] | null>(null);
  const weighed = ({ settings }: Queues[number], id: string) => {
    const [weight, cap] = [settings.weights?.[id] ?? 1, settings.caps?.[id] ?? settings.cap];
    return `${weight === 1 ? "" : ` ×${weight}`}${cap === undefined ? "" : ` ≤${cap}`}`;
  };
  const howOf = ({ settings, usedBy }: Queues[number]) => {
    const strategies = new Set(settings.strategy ? [settings.strategy] : usedBy.map(({ strategy }) => strategy));
    return [...strategies].map((strategy) => e(`strategies.${strategy}`)).join(" · ");
  };
  const nameOf = (id: string) => people.people.find((one) => one.id === id)?.name ?? id;
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={mayChange && <Add onClick={() => setEditing("new")}>{t("add")}</Add>}
    >
      <List label={t("title")} none={t("none")} items={queues}>
        {(queue) => (
          <li key={queue.key} className="flex flex-wrap items-center gap-2 p-3">
            <div className="grid min-w-0 gap-1 text-sm">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-semibold">{queue.name}</span>
                <code className="text-xs text-ink-3">{queue.key}</code>
                {queue.members.length === 0 && <Status kind="none">{t("empty")}</Status>}
              </p>
              {queue.members.length > 0 && (
                <p className="text-ink-2">
                  {queue.members.map((id, i) => `${i + 1}. ${nameOf(id)}${weighed(queue, id)}`).join("  ")}
                </p>
              )}
              <p className="text-xs text-ink-2">{howOf(queue)}</p>
              <UsedBy processes={queue.usedBy} none={t("unused")} />
            </div>
            <div className="ml-auto flex flex-wrap gap-1">
              <Link
                href={`/settings/queues/${queue.key}`}
                aria-label={r("ledgerOf", { name: queue.name })}
                className={buttonLook({ size: "small" })}
              >
                <ScrollText aria-hidden className="size-3.5" />
                {r("ledger")}
              </Link>
              <RowButton label={r("balanceOf", { name: queue.name })} onClick={() => setBalancing(queue)}>
                <Scale aria-hidden className="size-3.5" />
                {r("balance")}
              </RowButton>
              {mayChange && (
                <>
                  <RowButton label={t("changeOf", { name: queue.name })} onClick={() => setEditing(queue)}>
                    {t("change")}
                  </RowButton>
                  <RowButton
                    kind="quiet"
                    busy={busy}
                    label={t("removeOf", { name: queue.name })}
                    onClick={() =>
                      void act(
                        () => client.queues.remove.mutate({ key: queue.key }),
                        t("removed", { name: queue.name }),
                      )
                    }
                  >
                    {t("remove")}
                  </RowButton>
                </>
              )}
            </div>
          </li>
        )}
      </List>
      {editing && (
        <QueueDialog queue={editing === "new" ? null : editing} people={people} onClose={() => setEditing(null)} />
      )}
      {balancing && (
        <RebalanceDialog of={{ queue: balancing.key }} name={balancing.name} onClose={() => setBalancing(null)} />
      )}
    </Screen>
  );
}
