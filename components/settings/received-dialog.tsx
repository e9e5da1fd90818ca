"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { useAct } from "../use-act.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status, type StatusKind } from "../ui/status.tsx";
import type { Connection } from "./connections-screen.tsx";

const looks: Record<string, StatusKind> = {
  queued: "paused",
  done: "done",
  failed: "breached",
  nobody: "at_risk",
  again: "none",
  other: "breached",
};

/** What came in by a connection, each time it came: what was taken, what had come before. What was not taken can be once more. */
export function ReceivedDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const t = useTranslations("settings.connections");
  const format = useFormat();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const { busy, act } = useAct();
  const key = ["connections.received", connection.id];
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => client.connections.received.query({ id: connection.id }),
    refetchInterval: 5000,
  });
  return (
    <Dialog open onClose={onClose} title={t("receivedOf", { name: connection.name })}>
      {data?.length === 0 && <p className="text-sm text-ink-2">{t("nothingReceived")}</p>}
      <ul aria-label={t("received")} className="grid max-h-[60vh] gap-2 overflow-y-auto text-sm">
        {data?.map((one) => (
          <li key={one.id} className="grid gap-0.5 border-b border-line pb-2">
            <p className="flex flex-wrap items-center gap-2">
              <Status kind={looks[one.state] ?? "none"}>{t(`state.${one.state}`)}</Status>
              <code className="min-w-0 text-xs break-all">{one.message}</code>
              {one.replay && (
                <Button
                  size="small"
                  disabled={busy}
                  aria-label={t("takeAgainOf", { message: one.message })}
                  onClick={() =>
                    void act(async () => {
                      await client.connections.replay.mutate({ id: connection.id, receipt: one.id });
                      await queries.invalidateQueries({ queryKey: key });
                    })
                  }
                >
                  {t("takeAgain")}
                </Button>
              )}
              <span className="ml-auto text-xs text-ink-3">{format.dateTime(one.at)}</span>
            </p>
            {one.note && <p className="text-ink-2">{one.note}</p>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
