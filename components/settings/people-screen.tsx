"use client";
import { UserPlus } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { fold } from "@/server/records/fold.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { inputLook } from "../ui/field.tsx";
import { Status } from "../ui/status.tsx";
import { LeaveDialog } from "./leave-dialog.tsx";
import { PersonDialog, type PlaceChoices } from "./person-dialog.tsx";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { RowButton, Rows, Screen } from "./screen.tsx";
import { useAct } from "../use-act.ts";
import { useTRPCClient } from "../api.tsx";

export type People = Awaited<ReturnType<Caller["people"]["list"]>>;
export type PersonRow = People["people"][number];
type Doing = { what: "edit" | "leave" | "password"; person: PersonRow } | { what: "add"; person: null };

/** Who works here, in which roles and teams; admins add, change and let go. */
export function PeopleScreen({
  people,
  places,
  mayChange,
}: {
  people: People;
  places: PlaceChoices;
  mayChange: boolean;
}) {
  const t = useTranslations("settings.people");
  const role = useTranslations("shell.role");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [search, setSearch] = useState("");
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const nameOf = (id: string | null) => people.people.find((one) => one.id === id)?.name ?? null;
  const teamOf = (id: string | null) => people.teams.find((one) => one.id === id)?.name ?? null;
  const roleName = (key: string) => people.processRoles.find((one) => one.key === key)?.name ?? key;
  const wanted = fold(search.trim());
  const shown = people.people
    .filter((one) => fold(`${one.name} ${one.email} ${teamOf(one.teamId) ?? ""}`).includes(wanted))
    .sort((a, b) => Number(a.status !== "active") - Number(b.status !== "active"));
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={
        mayChange && (
          <Button kind="primary" onClick={() => setDoing({ what: "add", person: null })}>
            <UserPlus aria-hidden className="size-4" />
            {t("add")}
          </Button>
        )
      }
    >
      <input
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        value={search}
        onChange={(e) => setSearch(e.target.value)}
        className={cn(inputLook, "max-w-sm")}
      />
      {shown.length === 0 && <p className="text-sm text-ink-2">{t("nobody")}</p>}
      <Rows label={t("title")}>
        {shown.map((one) => (
          <li key={one.id} className="grid gap-2 p-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center">
            <div className="flex min-w-0 gap-3">
              <Avatar name={one.name} />
              <div className="grid min-w-0 gap-0.5 text-sm">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-semibold">{one.name}</span>
                  {one.status !== "active" && <Status kind="none">{t("inactive")}</Status>}
                  {one.status === "active" && !one.signsIn && <Status kind="info">{t("namedOnly")}</Status>}
                </p>
                <p className="break-words text-ink-2">
                  {[
                    one.email,
                    teamOf(one.teamId),
                    one.managerId && t("reportsTo", { name: nameOf(one.managerId) ?? "" }),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
                <p className="text-xs text-ink-3">
                  {[
                    one.roles.map((r) => (role.has(r) ? role(r) : r)).join(", "),
                    one.processRoles.length > 0 && t("worksAs", { roles: one.processRoles.map(roleName).join(", ") }),
                    one.backupId && t("backup", { name: nameOf(one.backupId) ?? "" }),
                    one.zone,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </div>
            </div>
            {mayChange && (
              <div className="flex flex-wrap gap-1">
                <RowButton
                  label={t("changeOf", { name: one.name })}
                  onClick={() => setDoing({ what: "edit", person: one })}
                >
                  {t("change")}
                </RowButton>
                <RowButton
                  kind="quiet"
                  label={t(one.signsIn ? "passwordOf" : "letInOf", { name: one.name })}
                  onClick={() => setDoing({ what: "password", person: one })}
                >
                  {t(one.signsIn ? "password" : "letIn")}
                </RowButton>
                {one.status === "active" ? (
                  <RowButton
                    kind="quiet"
                    label={t("leaveOf", { name: one.name })}
                    onClick={() => setDoing({ what: "leave", person: one })}
                  >
                    {t("leave")}
                  </RowButton>
                ) : (
                  <RowButton
                    kind="quiet"
                    busy={busy}
                    label={t("returnOf", { name: one.name })}
                    onClick={() =>
                      void act(
                        () => client.people.change.mutate({ id: one.id, patch: { status: "active" } }),
                        t("returned", { name: one.name }),
                      )
                    }
                  >
                    {t("return")}
                  </RowButton>
                )}
              </div>
            )}
          </li>
        ))}
      </Rows>
      {(doing?.what === "add" || doing?.what === "edit") && (
        <PersonDialog
          key={doing.person?.id ?? "new"}
          person={doing.person}
          people={people}
          places={places}
          onClose={close}
        />
      )}
      {doing?.what === "leave" && <LeaveDialog person={doing.person} people={people} onClose={close} />}
      {doing?.what === "password" && <SignInDialog person={doing.person} onClose={close} />}
    </Screen>
  );
}
