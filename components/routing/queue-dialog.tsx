"use client";
/** A queue of the workspace: its people in their order with weight and cap, and how it picks where that is not left to the process. */
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { queueStrategies } from "@/server/engine/process.ts";
import type { QueueSettings } from "@/server/engine/work/queue-settings.ts";
import { useTRPCClient } from "../api.tsx";
import { keyOf } from "../settings/key-of.ts";
import type { People } from "../settings/people-screen.tsx";
import type { Queues } from "../settings/queues-screen.tsx";
import { cn } from "../ui/cn.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import { useSaving } from "../use-saving.ts";
import { RoutingFields } from "./routing-fields.tsx";

export function QueueDialog({
  queue,
  people,
  onClose,
}: {
  queue: Pick<Queues[number], "key" | "name" | "members" | "settings"> | null;
  people: People;
  onClose: () => void;
}) {
  const t = useTranslations("settings.queues");
  const r = useTranslations("routing");
  const e = useTranslations("editor");
  const client = useTRPCClient();
  const [name, setName] = useState(queue?.name ?? "");
  const [members, setMembers] = useState<string[]>(queue?.members ?? []);
  const [settings, setSettings] = useState<QueueSettings>(queue?.settings ?? {});
  const { busy, made, submit } = useSaving({
    read: () => {
      const key = queue?.key ?? keyOf(name);
      return key ? { key, name: name.trim(), members, settings } : null;
    },
    send: async (values, before: string | null) => {
      const key = before ?? values.key;
      await client.queues.save.mutate({ ...values, key, isNew: !queue && before === null });
      return key;
    },
    said: ({ name: saved }) => t("saved", { name: saved }),
    done: onClose,
  });
  const key = queue?.key ?? made ?? keyOf(name);
  const others = people.people.filter((one) => one.status === "active" && !members.includes(one.id));
  const set = (change: { [K in keyof QueueSettings]?: QueueSettings[K] | undefined }) =>
    setSettings(
      (now) =>
        Object.fromEntries(
          Object.entries({ ...now, ...change }).filter(([, value]) => value !== undefined),
        ) as QueueSettings,
    );
  return (
    <Dialog open onClose={onClose} title={queue ? t("changeOf", { name: queue.name }) : t("add")} wide>
      <form className="grid gap-4" onSubmit={submit}>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t("name")} help={key ? t("key", { key }) : null} required>
            {(ids) => (
              <input
                {...ids}
                required
                maxLength={80}
                value={name}
                onChange={(event) => setName(event.target.value)}
                className={inputLook}
              />
            )}
          </Field>
          <Field label={r("strategy")} help={settings.strategy ? e(`strategyHelp.${settings.strategy}`) : null}>
            {(ids) => (
              <select
                {...ids}
                className={inputLook}
                value={settings.strategy ?? ""}
                onChange={(event) => set({ strategy: queueStrategies.find((one) => one === event.target.value) })}
              >
                <option value="">{r("asProcess")}</option>
                {queueStrategies.map((one) => (
                  <option key={one} value={one}>
                    {e(`strategies.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <RoutingFields strategy={settings.strategy} value={settings} onChange={set} />
        <Members
          members={members}
          settings={settings}
          nameOf={(id) => people.people.find((one) => one.id === id)?.name ?? id}
          onMembers={setMembers}
          onSettings={set}
        />
        <div className="grid gap-3 sm:grid-cols-2">
          {others.length > 0 && (
            <Field label={t("addMember")}>
              {(ids) => (
                <select
                  {...ids}
                  className={inputLook}
                  value=""
                  onChange={(event) => event.target.value && setMembers([...members, event.target.value])}
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
          <Field label={r("capAll")} help={r("capHelp")}>
            {(ids) => <NumberInput {...ids} max={1000} value={settings.cap} onChange={(cap) => set({ cap })} />}
          </Field>
        </div>
        <SaveButton busy={busy} ready={key !== ""}>
          {t("save")}
        </SaveButton>
      </form>
    </Dialog>
  );
}

function Members({
  members,
  settings,
  nameOf,
  onMembers,
  onSettings,
}: {
  members: string[];
  settings: QueueSettings;
  nameOf: (id: string) => string;
  onMembers: (members: string[]) => void;
  onSettings: (change: { weights?: Record<string, number>; caps?: Record<string, number> }) => void;
}) {
  const t = useTranslations("settings.queues");
  const r = useTranslations("routing");
  const move = (from: number, to: number) => onMembers(members.toSpliced(from, 1).toSpliced(to, 0, members[from]!));
  const step = "grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-sunken disabled:opacity-40";
  const withNumber = (of: Record<string, number> | undefined, id: string, n: number | undefined) => {
    const { [id]: _, ...others } = of ?? {};
    return n === undefined ? others : { ...others, [id]: n };
  };
  return (
    <div className="grid gap-1">
      <p className="text-xs font-medium text-ink-2">{t("order")}</p>
      {members.length === 0 && <p className="text-sm text-ink-2">{t("noMembers")}</p>}
      <ol className="divide-y divide-line rounded-md border border-line empty:hidden">
        {members.map((id, i) => (
          <li key={id} className="flex flex-wrap items-center gap-1 px-2 py-1 text-sm">
            <span className="w-6 text-ink-3 tabular-nums">{i + 1}</span>
            <span className="min-w-24 flex-1 truncate">{nameOf(id)}</span>
            <label className="flex items-center gap-1 text-xs whitespace-nowrap text-ink-2">
              {r("weight")}
              <NumberInput
                aria-label={r("weightOf", { name: nameOf(id) })}
                max={100}
                value={settings.weights?.[id] ?? 1}
                onChange={(n) => onSettings({ weights: withNumber(settings.weights, id, n) })}
                className="w-16"
              />
            </label>
            <label className="flex items-center gap-1 text-xs whitespace-nowrap text-ink-2">
              {r("cap")}
              <NumberInput
                aria-label={r("capOf", { name: nameOf(id) })}
                max={1000}
                value={settings.caps?.[id]}
                onChange={(n) => onSettings({ caps: withNumber(settings.caps, id, n) })}
                className="w-16"
              />
            </label>
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
              onClick={() => onMembers(members.filter((one) => one !== id))}
            >
              <X aria-hidden className="size-4" />
            </button>
          </li>
        ))}
      </ol>
      <p className="text-xs text-ink-3">{r("weightHelp")}</p>
    </div>
  );
}

/** A whole number or nothing. */
function NumberInput({
  value,
  max,
  onChange,
  className = "w-full",
  ...ids
}: {
  value: number | undefined;
  max: number;
  onChange: (value: number | undefined) => void;
  className?: string;
  id?: string;
  "aria-label"?: string;
}) {
  return (
    <input
      {...ids}
      type="number"
      min={0}
      max={max}
      step={1}
      value={value ?? ""}
      onChange={(event) => {
        const n = event.target.value === "" ? undefined : Math.trunc(Number(event.target.value));
        if (n === undefined || (n >= 0 && n <= max)) onChange(n);
      }}
      className={cn(inputLook, className, "h-8 tabular-nums")}
    />
  );
}
