"use client";
/** The people of a process's queue: they are the workspace's, so what is changed here counts at once, for every process. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../../api.tsx";
import { QueueDialog } from "../../routing/queue-dialog.tsx";
import { Button } from "../../ui/button.tsx";

export function QueuePeople({ queueKey }: { queueKey: string }) {
  const t = useTranslations("routing");
  const e = useTranslations("editor");
  const client = useTRPCClient();
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const queues = useQuery({ queryKey: ["queues.list"], queryFn: () => client.queues.list.query() });
  const people = useQuery({ queryKey: ["people.list"], queryFn: () => client.people.list.query() });
  const queue = queues.data?.find(({ key }) => key === queueKey);
  if (!queues.data || !people.data) return null;
  if (!queue) return <p className="text-xs text-ink-3">{t("notHere")}</p>;
  const { weights = {}, caps = {}, cap, strategy } = queue.settings;
  const said = queue.members.map((id) => {
    const name = people.data.people.find((one) => one.id === id)?.name ?? id;
    const most = caps[id] ?? cap;
    return `${name}${(weights[id] ?? 1) === 1 ? "" : ` ×${weights[id]}`}${most === undefined ? "" : ` ≤${most}`}`;
  });
  return (
    <div className="grid gap-1 text-xs">
      <p className="font-medium text-ink-2">{t("members")}</p>
      <p className="break-words">{said.length ? said.join(", ") : t("noMembers")}</p>
      {strategy && <p className="text-risk">{t("overridden", { strategy: e(`strategies.${strategy}`) })}</p>}
      <div>
        <Button size="small" aria-label={t("changeMembers", { name: queue.name })} onClick={() => setOpen(true)}>
          <Users aria-hidden className="size-3.5" />
          {t("changeMembers", { name: queue.name })}
        </Button>
      </div>
      {open && (
        <QueueDialog
          queue={queue}
          people={people.data}
          onClose={() => {
            setOpen(false);
            void cache.invalidateQueries({ queryKey: ["queues.list"] });
          }}
        />
      )}
    </div>
  );
}
