"use client";
/** Evening out open work: how much everybody has, how it would be, and moving it; taken back with one press. */
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { Status } from "../ui/status.tsx";
import { toast } from "../ui/toast.tsx";

export function RebalanceDialog({
  of,
  name,
  onClose,
}: {
  of: { queue: string } | { team: string };
  name: string;
  onClose: () => void;
}) {
  const t = useTranslations("routing");
  const client = useTRPCClient();
  const router = useRouter();
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [most, setMost] = useState(12);
  const [busy, setBusy] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["queues.plan", of, from, to, most],
    queryFn: () => client.queues.plan.query({ of, from, to, most }),
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const moves = data?.moves ?? [];
  const nameOf = (id: string) => data?.people.find((one) => one.id === id)?.name ?? id;

  async function move(list: { id: string; from: string; to: string }[], back: boolean): Promise<void> {
    try {
      const { moved, left } = await client.queues.move.mutate({ moves: list });
      const undo = () =>
        void move(
          moved.map((one) => ({ id: one.id, from: one.to, to: one.from })),
          true,
        );
      if (moved.length > 0)
        toast(
          t(back ? "undone" : "moved", { n: moved.length }),
          back ? undefined : { action: { label: t("undo"), onClick: undo } },
        );
      if (left.length > 0) toast.warning(t("left", { n: left.length, first: left[0]!.text }));
      router.refresh();
    } catch (cause) {
      toast.error(refusalOf(cause).text);
    }
  }

  const people = (label: string, value: string | null, none: string, set: (id: string | null) => void) => (
    <Field label={label}>
      {(ids) => (
        <select {...ids} className={inputLook} value={value ?? ""} onChange={(e) => set(e.target.value || null)}>
          <option value="">{none}</option>
          {data?.people.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const fullest = Math.max(1, ...(data?.people.map((one) => Math.max(one.open, one.after)) ?? []));
  return (
    <Dialog open onClose={onClose} title={t("balanceOf", { name })} wide>
      <div className="grid gap-4 text-sm">
        <p className="text-ink-2">{t("balanceText")}</p>
        <div className="grid gap-3 sm:grid-cols-[1fr_1fr_7rem]">
          {people(t("from"), from, t("anybody"), setFrom)}
          {people(t("toWhom"), to, t("evenly"), setTo)}
          <Field label={t("most")}>
            {(ids) => (
              <input
                {...ids}
                type="number"
                min={0}
                max={500}
                value={most}
                onChange={(e) => setMost(Math.min(500, Math.max(0, Math.trunc(Number(e.target.value)))))}
                className={inputLook}
              />
            )}
          </Field>
        </div>
        {error && (
          <p role="alert" className="text-breach">
            {refusalOf(error).text}
          </p>
        )}
        {data && (
          <div className="overflow-x-auto">
            <table className="w-full text-sm [&_td]:px-2 [&_td]:py-1 [&_th]:px-2 [&_th]:text-left [&_th]:text-xs [&_th]:font-medium [&_th]:text-ink-2">
              <thead>
                <tr className="border-b border-line">
                  <th scope="col">{name}</th>
                  <th scope="col">{t("weight")}</th>
                  <th scope="col">{t("now")}</th>
                  <th scope="col">{t("after")}</th>
                  <th scope="col" aria-hidden className="w-2/5" />
                </tr>
              </thead>
              <tbody className="tabular-nums">
                {data.people.map((one) => (
                  <tr key={one.id}>
                    <td>
                      <span className="mr-1.5">{one.name}</span>
                      {one.away && <Status kind="none">{t("away")}</Status>}
                      {!one.active && <Status kind="none">{t("leftWork")}</Status>}
                    </td>
                    <td>{one.weight}</td>
                    <td>{one.open}</td>
                    <td className={one.after === one.open ? "" : "font-semibold"}>{one.after}</td>
                    <td aria-hidden>
                      <div className="h-2 rounded-sm bg-sunken">
                        <div
                          className="h-2 rounded-sm bg-accent"
                          style={{ width: `${(100 * one.after) / fullest}%` }}
                        />
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {data && moves.length === 0 && <p className="text-ink-2">{t("nothingToMove")}</p>}
        {moves.length > 0 && (
          <details>
            <summary className="w-fit cursor-pointer text-accent-text">{t("tasks")}</summary>
            <ul className="mt-1 grid max-h-48 gap-0.5 overflow-y-auto text-xs">
              {moves.map((one) => (
                <li key={one.id} className="break-words">
                  {`${one.title} · ${one.step}: ${nameOf(one.from)} → ${nameOf(one.to)}`}
                </li>
              ))}
            </ul>
          </details>
        )}
        <Button
          kind="primary"
          size="large"
          disabled={busy || moves.length === 0}
          onClick={() => {
            setBusy(true);
            void move(
              moves.map((one) => ({ id: one.id, from: one.from, to: one.to })),
              false,
            ).then(onClose);
          }}
        >
          {t("move", { n: moves.length })}
        </Button>
      </div>
    </Dialog>
  );
}
