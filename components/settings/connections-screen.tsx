"use client";
import { Plug } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Status } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import { ConnectionDialog, type RecordChoices } from "./connection-dialog.tsx";
import { CopyText } from "./copy-text.tsx";
import { ReceivedDialog } from "./received-dialog.tsx";
import { RemoveConnection } from "./remove-connection.tsx";
import { Add, List, RowButton, Screen } from "./screen.tsx";

type View = Awaited<ReturnType<Caller["connections"]["list"]>>;
export type Connection = View["connections"][number];
type Result = { id: string; look: "text-ok" | "text-risk" | "text-breach"; text: string };

/** Outside systems: whom processes may call, and who may send them messages. */
export function ConnectionsScreen({
  view,
  types,
  events,
  mayChange,
}: {
  view: View;
  types: RecordChoices;
  events: readonly string[];
  mayChange: boolean;
}) {
  const t = useTranslations("settings.connections");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [editing, setEditing] = useState<Connection | "new" | null>(null);
  const [removing, setRemoving] = useState<Connection | null>(null);
  const [received, setReceived] = useState<Connection | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  async function test({ id, name }: Connection) {
    await act(async () => {
      try {
        const { status, other } = await client.connections.test.mutate({ id });
        const said = other ? t("ofType", { type: other }) : t("noType");
        setResult(
          other === null
            ? { id, look: "text-ok", text: t("tested", { name, status }) }
            : { id, look: "text-risk", text: t("testedOther", { name, status, said }) },
        );
      } catch (error) {
        setResult({ id, look: "text-breach", text: refusalOf(error).text });
      }
    });
  }
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={mayChange && <Add onClick={() => setEditing("new")}>{t("add")}</Add>}
    >
      {view.inside.length > 0 && (
        <p className="text-sm text-ink-2">{t("inside", { places: view.inside.join(", ") })}</p>
      )}
      <List label={t("title")} none={t("none")} items={view.connections}>
        {(one) => (
          <li key={one.id} className="flex flex-wrap items-start gap-3 p-3">
            <div className="grid min-w-0 grow basis-64 gap-1 text-sm">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-semibold">{one.name}</span>
                <code className="text-xs text-ink-3">{one.key}</code>
                <Status kind="info">{t(`kind.${one.config.kind}`)}</Status>
                {needsSecret(one) && !one.hasSecret && <Status kind="at_risk">{t("noSecret")}</Status>}
              </p>
              {one.address ? (
                <CopyText label={t("address")} text={one.address} />
              ) : (
                <p className="break-all text-ink-2">{one.config.kind === "api" ? one.config.base : one.host}</p>
              )}
              {result?.id === one.id && (
                <p role="status" className={result.look}>
                  {result.text}
                </p>
              )}
            </div>
            <div className="flex flex-wrap gap-1">
              {one.config.kind === "hook" ? (
                <Button size="small" onClick={() => setReceived(one)} aria-label={t("receivedOf", { name: one.name })}>
                  {t("received")}
                </Button>
              ) : (
                mayChange && (
                  <Button
                    size="small"
                    disabled={busy}
                    onClick={() => void test(one)}
                    aria-label={t("testOf", { name: one.name })}
                  >
                    <Plug aria-hidden className="size-3.5" />
                    {t("test")}
                  </Button>
                )
              )}
              {mayChange && (
                <>
                  {isOurs(one) && (
                    <RowButton
                      kind="quiet"
                      busy={busy}
                      label={t("newSecretOf", { name: one.name })}
                      onClick={() =>
                        void act(async () => {
                          setSecret((await client.connections.newSecret.mutate({ id: one.id })).secret);
                        })
                      }
                    >
                      {t("newSecret")}
                    </RowButton>
                  )}
                  <RowButton kind="quiet" label={t("editOf", { name: one.name })} onClick={() => setEditing(one)}>
                    {t("edit")}
                  </RowButton>
                  <RowButton
                    kind="danger"
                    busy={busy}
                    label={t("removeOf", { name: one.name })}
                    onClick={() => setRemoving(one)}
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
        <ConnectionDialog
          connection={editing === "new" ? null : editing}
          types={types}
          events={events}
          onClose={() => setEditing(null)}
          onSecret={setSecret}
        />
      )}
      {removing && <RemoveConnection connection={removing} onClose={() => setRemoving(null)} />}
      {received && <ReceivedDialog connection={received} onClose={() => setReceived(null)} />}
      {secret && (
        <Dialog open onClose={() => setSecret(null)} title={t("secretTitle")}>
          <div className="grid gap-3 text-sm">
            <p className="rounded-md bg-risk-bg px-3 py-2 text-risk">{t("secretText")}</p>
            <CopyText label={t("secret")} text={secret} />
            <Button kind="primary" className="w-fit" onClick={() => setSecret(null)}>
              {t("kept")}
            </Button>
          </div>
        </Dialog>
      )}
    </Screen>
  );
}

const isOurs = ({ config }: Connection) =>
  config.kind === "hook" || (config.kind === "api" && config.auth.how === "signed");
const needsSecret = ({ config }: Connection) => config.kind !== "api" || config.auth.how !== "none";
