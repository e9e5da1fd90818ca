"use client";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { Status } from "../ui/status.tsx";
import { keyOf } from "./key-of.ts";
import type { People } from "./people-screen.tsx";
import { Rows, Screen } from "./screen.tsx";
import { useAct } from "../use-act.ts";

type Queues = Awaited<ReturnType<Caller["queues"]["list"]>>;

/** From which people take work, and in which order they are offered it. */
export function QueuesScreen({ queues, people }: { queues: Queues; people: People }) {
  const t = useTranslations("settings.queues");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [editing, setEditing] = useState<Queues[number] | "new" | null>(null);
  const nameOf = (id: string) => people.people.find((one) => one.id === id)?.name ?? id;
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={
        <Button kind="primary" onClick={() => setEditing("new")}>
          <Plus aria-hidden className="size-4" />
          {t("add")}
        </Button>
      }
    >
      {queues.length === 0 && <p className="text-sm text-ink-2">{t("none")}</p>}
      {queues.length > 0 && (
        <Rows label={t("title")}>
          {queues.map((queue) => (
            <li key={queue.key} className="flex flex-wrap items-center gap-2 p-3">
              <div className="grid min-w-0 gap-1 text-sm">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-semibold">{queue.name}</span>
                  <code className="text-xs text-ink-3">{queue.key}</code>
                  {queue.members.length === 0 && <Status kind="none">{t("empty")}</Status>}
                </p>
                {queue.members.length > 0 && (
                  <p className="text-ink-2">{queue.members.map((id, i) => `${i + 1}. ${nameOf(id)}`).join("  ")}</p>
                )}
                <p className="text-xs text-ink-3">
                  {queue.usedBy.length === 0
                    ? t("unused")
                    : queue.usedBy.map((one, i) => (
                        <span key={one.id}>
                          {i > 0 && ", "}
                          <Link href={`/processes/${one.id}`} className="text-accent-text hover:underline">
                            {one.name}
                          </Link>
                        </span>
                      ))}
                </p>
              </div>
              <div className="ml-auto flex gap-1">
                <Button size="small" aria-label={t("changeOf", { name: queue.name })} onClick={() => setEditing(queue)}>
                  {t("change")}
                </Button>
                <Button
                  size="small"
                  kind="quiet"
                  disabled={busy}
                  aria-label={t("removeOf", { name: queue.name })}
                  onClick={() =>
                    void act(() => client.queues.remove.mutate({ key: queue.key }), t("removed", { name: queue.name }))
                  }
                >
                  {t("remove")}
                </Button>
              </div>
            </li>
          ))}
        </Rows>
      )}
      {editing && (
        <QueueDialog queue={editing === "new" ? null : editing} people={people} onClose={() => setEditing(null)} />
      )}
    </Screen>
  );
}

function QueueDialog({
  queue,
  people,
  onClose,
}: {
  queue: Queues[number] | null;
  people: People;
  onClose: () => void;
}) {
  const t = useTranslations("settings.queues");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [name, setName] = useState(queue?.name ?? "");
  const [members, setMembers] = useState<string[]>(queue?.members ?? []);
  const key = queue?.key ?? keyOf(name);
  const others = people.people.filter((one) => one.status === "active" && !members.includes(one.id));
  const nameOf = (id: string) => people.people.find((one) => one.id === id)?.name ?? id;
  const move = (from: number, to: number) => {
    const next = members.filter((_, i) => i !== from);
    next.splice(to, 0, members[from]!);
    setMembers(next);
  };
  const step = "grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken disabled:opacity-40";
  return (
    <Dialog open onClose={onClose} title={queue ? t("changeOf", { name: queue.name }) : t("add")}>
      <form
        className="grid gap-4"
        onSubmit={(e) => {
          e.preventDefault();
          void act(
            () => client.queues.save.mutate({ key, name: name.trim(), members, isNew: !queue }),
            t("saved", { name: name.trim() }),
          ).then((done) => done && onClose());
        }}
      >
        <Field label={t("name")} help={key ? t("key", { key }) : null} required>
          {(ids) => (
            <input
              {...ids}
              required
              maxLength={80}
              value={name}
              onChange={(e) => setName(e.target.value)}
              className={inputLook}
            />
          )}
        </Field>
        <div className="grid gap-1">
          <p className="text-xs font-medium text-ink-2">{t("order")}</p>
          {members.length === 0 && <p className="text-sm text-ink-2">{t("noMembers")}</p>}
          <ol className="divide-y divide-line rounded-md border border-line empty:hidden">
            {members.map((id, i) => (
              <li key={id} className="flex items-center gap-1 px-2 py-1 text-sm">
                <span className="w-6 text-ink-3 tabular-nums">{i + 1}</span>
                <span className="min-w-0 flex-1 truncate">{nameOf(id)}</span>
                <button
                  type="button"
                  className={step}
                  disabled={i === 0}
                  aria-label={t("up", { name: nameOf(id) })}
                  onClick={() => move(i, i - 1)}
                >
                  <ArrowUp aria-hidden className="size-4" />
                </button>
                <button
                  type="button"
                  className={step}
                  disabled={i === members.length - 1}
                  aria-label={t("down", { name: nameOf(id) })}
                  onClick={() => move(i, i + 1)}
                >
                  <ArrowDown aria-hidden className="size-4" />
                </button>
                <button
                  type="button"
                  className={step}
                  aria-label={t("out", { name: nameOf(id) })}
                  onClick={() => setMembers(members.filter((one) => one !== id))}
                >
                  <X aria-hidden className="size-4" />
                </button>
              </li>
            ))}
          </ol>
        </div>
        {others.length > 0 && (
          <Field label={t("addMember")}>
            {(ids) => (
              <select
                {...ids}
                className={inputLook}
                value=""
                onChange={(e) => e.target.value && setMembers([...members, e.target.value])}
              >
                <option value="">{t("choose")}</option>
                {others.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Button kind="primary" size="large" type="submit" disabled={busy || !key}>
          {t("save")}
        </Button>
      </form>
    </Dialog>
  );
}
