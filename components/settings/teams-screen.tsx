"use client";
import { Scale } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { useTRPCClient } from "../api.tsx";
import { RebalanceDialog } from "../routing/rebalance-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import type { People } from "./people-screen.tsx";
import type { PlaceChoices } from "./person-dialog.tsx";
import { Add, List, RowButton, Screen } from "./screen.tsx";
import { useAct } from "../use-act.ts";
import { useSaving } from "../use-saving.ts";

type Team = People["teams"][number];

export function TeamsScreen({
  people,
  places,
  mayChange,
  mayMove,
}: {
  people: People;
  places: PlaceChoices;
  mayChange: boolean;
  mayMove: boolean;
}) {
  const t = useTranslations("settings.teams");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const r = useTranslations("routing");
  const [editing, setEditing] = useState<Team | "new" | null>(null);
  const [balancing, setBalancing] = useState<Team | null>(null);
  const manager = (id: string | null) => people.people.find((one) => one.id === id)?.name;
  const members = (id: string) => people.people.filter((one) => one.teamId === id && one.status === "active");
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={mayChange && <Add onClick={() => setEditing("new")}>{t("add")}</Add>}
    >
      <List label={t("title")} none={t("none")} items={people.teams}>
        {(team) => (
          <li key={team.id} className="flex flex-wrap items-center gap-2 p-3">
            <div className="grid min-w-0 gap-0.5 text-sm">
              <p className="font-semibold">{team.name}</p>
              <p className="text-ink-2">
                {[
                  manager(team.managerId) && t("ledBy", { name: manager(team.managerId) ?? "" }),
                  t("members", { n: members(team.id).length }),
                  team.zone,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              <p className="text-xs text-ink-3">
                {members(team.id)
                  .map((one) => one.name)
                  .join(", ")}
              </p>
            </div>
            <div className="ml-auto flex flex-wrap gap-1">
              {mayMove && (
                <RowButton label={r("balanceOf", { name: team.name })} onClick={() => setBalancing(team)}>
                  <Scale aria-hidden className="size-3.5" />
                  {r("balance")}
                </RowButton>
              )}
              {mayChange && (
                <>
                  <RowButton label={t("changeOf", { name: team.name })} onClick={() => setEditing(team)}>
                    {t("change")}
                  </RowButton>
                  <RowButton
                    kind="quiet"
                    busy={busy}
                    label={t("removeOf", { name: team.name })}
                    onClick={() =>
                      void act(() => client.teams.remove.mutate({ id: team.id }), t("removed", { name: team.name }))
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
      {balancing && (
        <RebalanceDialog of={{ team: balancing.id }} name={balancing.name} onClose={() => setBalancing(null)} />
      )}
      {editing && (
        <TeamDialog
          team={editing === "new" ? null : editing}
          people={people}
          places={places}
          onClose={() => setEditing(null)}
        />
      )}
    </Screen>
  );
}

function TeamDialog({
  team,
  people,
  places,
  onClose,
}: {
  team: Team | null;
  people: People;
  places: PlaceChoices;
  onClose: () => void;
}) {
  const t = useTranslations("settings.teams");
  const client = useTRPCClient();
  const { busy, submit } = useSaving({
    read: (form) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      return {
        name: text("name"),
        managerId: text("manager") || null,
        zone: text("zone"),
        calendar: team?.calendar ?? null,
      };
    },
    send: (values, made: { id: string } | null) =>
      client.teams.save.mutate({ id: made?.id ?? team?.id ?? null, ...values }),
    said: ({ name }) => t("saved", { name }),
    done: onClose,
  });
  return (
    <Dialog open onClose={onClose} title={team ? t("changeOf", { name: team.name }) : t("add")}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("name")} required>
          {(ids) => (
            <input {...ids} name="name" required maxLength={80} defaultValue={team?.name} className={inputLook} />
          )}
        </Field>
        <Field label={t("manager")}>
          {(ids) => (
            <select {...ids} name="manager" defaultValue={team?.managerId ?? ""} className={inputLook}>
              <option value="">{t("nobody")}</option>
              {people.people
                .filter((one) => one.status === "active" || one.id === team?.managerId)
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
            </select>
          )}
        </Field>
        <Field label={t("zone")} help={t("zoneHelp")}>
          {(ids) => (
            <select {...ids} name="zone" defaultValue={team?.zone ?? people.people[0]?.zone} className={inputLook}>
              {places.zones.map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </select>
          )}
        </Field>
        <SaveButton busy={busy}>{t("save")}</SaveButton>
      </form>
    </Dialog>
  );
}
