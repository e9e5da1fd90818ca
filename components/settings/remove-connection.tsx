"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useAct } from "../use-act.ts";
import type { Connection } from "./connections-screen.tsx";

/** Asked before a connection is removed: who uses it. One that a live process calls by stays until it no longer does. */
export function RemoveConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const t = useTranslations("settings.connections");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const { id, name, usedBy } = connection;
  const needed = usedBy.some(({ needs }) => needs);
  const remove = () =>
    act(() => client.connections.remove.mutate({ id }), t("removed", { name })).then((done) => done && onClose());
  return (
    <Dialog open onClose={onClose} title={t("removeAsk", { name })}>
      <div className="grid gap-4 text-sm">
        <p className="text-ink-2">
          {t(
            needed
              ? "removeNeeded"
              : usedBy.length
                ? "removeWaited"
                : connection.config.kind === "hook"
                  ? "removeHook"
                  : "removeFree",
          )}
        </p>
        {usedBy.length > 0 && (
          <ul className="grid gap-1">
            {usedBy.map((one) => (
              <li key={one.id} className="rounded-md border border-line px-3 py-2">
                <Link href={`/processes/${one.id}`} className="font-semibold text-accent-text hover:underline">
                  {one.name}
                </Link>
                <span className="block text-ink-2">{one.steps.join(" · ")}</span>
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("removeNot")}</Button>
          {!needed && (
            <Button kind="danger" disabled={busy} onClick={() => void remove()}>
              {t("remove")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
