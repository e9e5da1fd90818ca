"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import type { People, PersonRow } from "./people-screen.tsx";
import { useAct } from "../use-act.ts";

/** Before somebody is let go: what hangs on them, and who takes it over. Their history stays under their name. */
export function LeaveDialog({ person, people, onClose }: { person: PersonRow; people: People; onClose: () => void }) {
  const t = useTranslations("settings.people");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const held = useQuery({
    queryKey: ["people.holdings", person.id],
    queryFn: () => client.people.holdings.query({ id: person.id }),
    staleTime: 0,
  });
  const [to, setTo] = useState(person.backupId ?? person.managerId ?? "");
  const [tasks, setTasks] = useState<"to" | "by_rule">("by_rule");
  const colleagues = people.people.filter((one) => one.id !== person.id && one.status === "active");
  const { data } = held;
  const lines = data
    ? [
        data.work.length > 0 && t("holds.work", { n: data.work.length }),
        data.records > 0 && t("holds.records", { n: data.records }),
        data.processes.length > 0 && t("holds.processes", { names: data.processes.map((p) => p.name).join(", ") }),
        data.queues.length > 0 && t("holds.queues", { names: data.queues.join(", ") }),
        data.rules.length > 0 && t("holds.rules", { names: data.rules.join(", ") }),
        data.approvals.length > 0 &&
          t("holds.approvals", {
            n: data.approvals.length,
            names: data.approvals.map((one) => `${one.name} · ${one.step}`).join(", "),
          }),
        data.teams.length > 0 && t("holds.teams", { names: data.teams.join(", ") }),
        data.reports.length > 0 && t("holds.reports", { names: data.reports.join(", ") }),
        data.backupOf.length > 0 && t("holds.backupOf", { names: data.backupOf.join(", ") }),
        data.keys.length > 0 && t("holds.keys", { names: data.keys.join(", ") }),
      ].filter((line): line is string => line !== false)
    : [];

  async function leave() {
    const done = await act(
      lines.length === 0
        ? () => client.people.change.mutate({ id: person.id, patch: { status: "inactive" } })
        : async () => {
            const given = await client.people.handOver.mutate({ id: person.id, to, tasks, deactivate: true });
            if (given.kept.length > 0)
              toast.warning(
                t("kept", { n: given.kept.length, first: `${given.kept[0]!.title}: ${given.kept[0]!.text}` }),
              );
          },
      t("left", { name: person.name }),
    );
    if (done) onClose();
  }

  return (
    <Dialog open onClose={onClose} title={t("leaveOf", { name: person.name })}>
      <div className="grid gap-4 text-sm">
        <p className="text-ink-2">{t("leaveText")}</p>
        {held.isLoading && <p>{t("looking")}</p>}
        {held.error && (
          <p role="alert" className="text-breach">
            {t("lookFailed")}
          </p>
        )}
        {data && lines.length === 0 && <p className="rounded-md bg-ok-bg px-3 py-2 text-ok">{t("holdsNothing")}</p>}
        {lines.length > 0 && (
          <>
            <ul className="ml-5 grid list-disc gap-1">
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            {data && data.onlyIn.length > 0 && (
              <p className="rounded-md bg-risk-bg px-3 py-2 text-risk">
                {t("onlyIn", {
                  roles: data.onlyIn
                    .map((key) => people.processRoles.find((one) => one.key === key)?.name ?? key)
                    .join(", "),
                })}
              </p>
            )}
            <Field label={t("giveTo")} required>
              {(ids) => (
                <select {...ids} className={inputLook} value={to} onChange={(e) => setTo(e.target.value)}>
                  <option value="">{t("choose")}</option>
                  {colleagues.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </>
        )}
        {data && data.work.length > 0 && (
          <Field label={t("tasksGo")}>
            {(ids) => (
              <select
                {...ids}
                className={inputLook}
                value={tasks}
                onChange={(e) => setTasks(e.target.value === "to" ? "to" : "by_rule")}
              >
                <option value="by_rule">{t("tasksByRule")}</option>
                <option value="to">{t("tasksTo")}</option>
              </select>
            )}
          </Field>
        )}
        <Button
          kind="danger"
          size="large"
          disabled={busy || !data || (lines.length > 0 && !colleagues.some((one) => one.id === to))}
          onClick={() => void leave()}
        >
          {lines.length > 0 ? t("handOverAndLeave") : t("leave")}
        </Button>
      </div>
    </Dialog>
  );
}
