"use client";
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowUp, CheckCheck, ListTodo } from "lucide-react";
import { useTranslations } from "use-intl";
import { useLayoutEffect, useRef, useState } from "react";
import { toast } from "../ui/toast.tsx";
import type { StepCard } from "@/server/inbox/read-card.ts";
import type { InboxRow } from "@/server/inbox/read-inbox.ts";
import type { Split } from "@/server/inbox/rank.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { useChanges } from "../live.tsx";
import { isTyping } from "../shell/commands.ts";
import { cn } from "../ui/cn.ts";
import { Empty } from "../ui/empty.tsx";
import { Queue } from "./queue.tsx";
import { RecordDrawer } from "./record-drawer.tsx";
import { type CardHandle, type Says, TaskCard, type Typed } from "./task-card.tsx";

type Inbox = { rows: InboxRow[]; currency: string; at: number };
const splits: readonly Split[] = ["now", "today", "waiting", "snoozed", "done"];

/** The queue and the one step to do next. Finishing it shows the following one at once. */
export function InboxScreen({
  inbox,
  card,
  selected,
}: {
  inbox: Inbox;
  card: NonNullable<StepCard> | null;
  selected: string | null;
}) {
  const t = useTranslations("inbox");
  const client = useTRPCClient();
  const queries = useQueryClient();
  const [split, setSplit] = useState<Split | null>(null);
  const [at, setAt] = useState(selected);
  const [focused, setFocused] = useState(false);
  /** Unasked, a wide screen shows the record beside its step; elsewhere it opens over it. */
  const [drawer, setDrawer] = useState<"unasked" | "open" | "closed">("unasked");
  const handle = useRef<CardHandle>(null);
  const [typed] = useState(() => new Map<string, Typed>());
  const listed = queryOptions({ queryKey: ["inbox.list"], queryFn: () => client.inbox.list.query() });
  const list = useQuery({ ...listed, initialData: inbox, refetchInterval: 60_000 });
  const one = useQuery({
    queryKey: ["inbox.card", at],
    queryFn: () => client.inbox.card.query({ id: at ?? "" }),
    enabled: at !== null,
    placeholderData: keepPreviousData,
    ...(card && at === selected && { initialData: card }),
  });
  const { currency } = list.data;
  // What comes in while one reads waits above the list until it is asked for: rows never move under the pointer.
  const [known, setKnown] = useState(() => new Set(inbox.rows.map((r) => r.id)));
  const fresh = list.data.rows.filter((r) => !known.has(r.id) && r.split !== "done");
  const rows = list.data.rows.filter((r) => known.has(r.id) || r.split === "done");
  const open = rows.filter((r) => r.split === "now" || r.split === "today");
  const shown = split === null ? open : rows.filter((r) => r.split === split);
  const done = rows.filter((r) => r.split === "done").length;

  const select = (id: string | null) => {
    setAt(id);
    window.history.replaceState(null, "", id ? `/inbox?task=${encodeURIComponent(id)}` : "/inbox");
  };
  const reload = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: listed.queryKey }),
      queries.invalidateQueries({ queryKey: ["inbox.card"] }),
    ]);
  const showAll = () => setKnown((now) => new Set([...now, ...list.data.rows.map((r) => r.id)]));
  /** After one's own act the list may move: what came of it is shown at once. */
  async function refresh() {
    await reload();
    const now = queries.getQueryData(listed.queryKey);
    if (now) setKnown((before) => new Set([...before, ...now.rows.map((r) => r.id)]));
  }
  useChanges((types) => {
    if (types.length === 0 || types.some((type) => /^(Work|Step|Clock|Run)/.test(type))) void reload();
  });
  const following = (id: string) =>
    open[open.findIndex((r) => r.id === id) + 1]?.id ?? open.find((r) => r.id !== id)?.id ?? null;

  /** Goes on at once; a refusal brings the task back with its reason. */
  async function complete(
    id: string,
    outcome: string | null,
    label: string,
    values: Record<string, unknown>,
    checklist: string[],
    says: Says,
  ) {
    const before = list.data;
    typed.set(id, { values, checklist, says });
    queries.setQueryData(listed.queryKey, { ...before, rows: before.rows.filter((r) => r.id !== id) });
    select(following(id));
    try {
      await client.inbox.complete.mutate({
        id,
        outcome,
        values: values as never,
        checklist,
        ...says,
        commandId: `ui-${id.replaceAll(".", "-")}-${before.at}`.slice(0, 64),
      });
      typed.delete(id);
      toast(t("marked", { outcome: label }), { action: { label: t("undo"), onClick: () => void undo(id) } });
    } catch (error) {
      const refusal = refusalOf(error);
      queries.setQueryData(listed.queryKey, before);
      select(id);
      toast.error(refusal.text);
    }
    await refresh();
  }
  async function undo(id: string) {
    try {
      await client.inbox.undo.mutate({ id });
      toast(t("undone"));
      select(id);
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
    await refresh();
  }

  const toggleDrawer = () =>
    setDrawer((now) => {
      const shown = now === "open" || (now === "unasked" && window.matchMedia("(min-width: 80rem)").matches);
      return shown ? "closed" : "open";
    });

  const lastDone = rows.find((r) => r.split === "done")?.id;
  // Before it is painted: whoever sees the card may press its key.
  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      const i = shown.findIndex((r) => r.id === at);
      const key = event.key.toLowerCase();
      if (key === "j") select(shown[Math.min(i + 1, shown.length - 1)]?.id ?? at);
      else if (key === "k") select(shown[Math.max(i - 1, 0)]?.id ?? at);
      else if (/^[1-9]$/.test(key)) handle.current?.outcome(Number(key) - 1);
      else if (key === "e") handle.current?.outcome(0);
      else if (key === "h") handle.current?.open("snooze");
      else if (key === "u") handle.current?.open("handOver");
      else if (key === "b") handle.current?.open("block");
      else if (key === "z" && lastDone) void undo(lastDone);
      else if (key === "f") setFocused(!focused);
      else if (key === ".") toggleDrawer();
      else if (key === "escape" && focused) setFocused(false);
      else return;
      event.preventDefault();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  const total = done + open.length;
  return (
    <div
      className={cn(
        "grid h-full grid-cols-[minmax(0,1fr)]",
        !focused && "lg:grid-cols-[340px_minmax(0,1fr)]",
        !focused && drawer !== "closed" && at && "xl:grid-cols-[340px_minmax(0,1fr)_300px]",
      )}
    >
      <section
        aria-label={t("queue")}
        className={cn(
          "min-h-0 flex-col border-r border-line bg-surface",
          focused ? "hidden" : at ? "hidden lg:flex" : "flex",
        )}
      >
        <div className="grid gap-2 border-b border-line px-4 pt-3 pb-2">
          <h1 className="text-xl font-semibold">{t("title")}</h1>
          <div
            role="progressbar"
            aria-label={t("progress", { done, total })}
            aria-valuenow={done}
            aria-valuemin={0}
            aria-valuemax={Math.max(total, 1)}
            className="h-1 overflow-hidden rounded-full bg-sunken"
          >
            <div className="h-full bg-ok-solid" style={{ width: `${total ? (done / total) * 100 : 0}%` }} />
          </div>
          <p className="text-xs text-ink-3">{t("progress", { done, total })}</p>
          <div className="flex gap-3 text-xs" role="group" aria-label={t("lists")}>
            {splits.map((s) => {
              const n = rows.filter((r) => r.split === s).length;
              return (
                <button
                  key={s}
                  type="button"
                  aria-pressed={split === s}
                  onClick={() => setSplit(split === s ? null : s)}
                  className={cn(
                    "min-h-6 border-b-2 border-transparent pb-1 font-medium text-ink-2",
                    split === s && "border-accent text-accent-text",
                  )}
                >
                  {t(`split.${s}`)} <span className="text-ink-3">{n}</span>
                </button>
              );
            })}
          </div>
        </div>
        {fresh.length > 0 && (
          <button
            type="button"
            onClick={showAll}
            className="flex min-h-8 items-center justify-center gap-1 border-b border-line text-sm font-medium text-accent-text hover:bg-sunken"
          >
            <ArrowUp aria-hidden className="size-3.5" />
            {t("fresh", { n: fresh.length })}
          </button>
        )}
        <p className="sr-only" role="status">
          {fresh.length > 0 ? t("fresh", { n: fresh.length }) : ""}
        </p>
        {shown.length ? (
          <Queue rows={shown} selected={at} currency={currency} onSelect={select} />
        ) : (
          <Empty
            icon={CheckCheck}
            title={t("clear")}
            text={t("clearText", { waiting: rows.filter((r) => r.split === "waiting").length })}
          />
        )}
      </section>
      <section
        aria-label={t("step")}
        className={cn("min-h-0 p-3 lg:block lg:overflow-auto lg:p-4", at ? "block" : "hidden")}
      >
        {at && one.data ? (
          <TaskCard
            key={one.data.id}
            ref={handle}
            typed={typed}
            card={one.data}
            currency={currency}
            place={{ at: open.findIndex((r) => r.id === one.data.id) + 1, of: open.length }}
            focused={focused}
            onFocus={() => setFocused(!focused)}
            onRecord={toggleDrawer}
            onBack={() => (focused ? setFocused(false) : select(null))}
            onComplete={complete}
            onChanged={() => void refresh()}
          />
        ) : at && one.error ? (
          <Empty icon={ListTodo} title={t("gone")} text={refusalOf(one.error).text} />
        ) : (
          <Empty icon={ListTodo} title={at ? t("loading") : t("nothing")} text={at ? "" : t("nothingText")} />
        )}
      </section>
      {drawer !== "closed" && !focused && at && one.data && (
        <RecordDrawer card={one.data} wideOnly={drawer === "unasked"} onClose={() => setDrawer("closed")} />
      )}
    </div>
  );
}
