"use client";
import { useTranslations } from "use-intl";
import { type Process, queueStrategies } from "@/server/engine/process.ts";
import { useNamedFields } from "../choices.tsx";
import { freeId } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { filled } from "./as-key.ts";
import { Choice } from "./choice.tsx";
import { RoutingFields } from "../../routing/routing-fields.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { PickTry } from "./pick-try.tsx";
import { QueuePeople } from "./queue-people.tsx";
import { useQueueNames } from "./use-queue-names.ts";
import { Strict, Text } from "./text-field.tsx";

type Role = Process["roles"][string];
type Queue = Process["queues"][string];

/** Who does the work: roles with their fallback, and queues with how work is given out. */
export function PeoplePanel({ editor }: { editor: EditorState }) {
  const t = useTranslations("editor");
  const r = useTranslations("routing");
  const { doc, run } = editor;
  const fields = useNamedFields(doc, t("answers"));
  const roles = Object.entries(doc.roles);
  const queues = Object.entries(doc.queues);
  const { isOurs, nameOf } = useQueueNames(doc);
  const setRole = (key: string, change: Partial<Role>, typing: string | null = null) =>
    run(
      t("did.roles"),
      (d) => ({
        ...d,
        roles: {
          ...d.roles,
          [key]: { ...filled({ ...d.roles[key], ...change }), name: change.name ?? d.roles[key]?.name ?? key },
        },
      }),
      typing,
    );
  const setQueue = (key: string, queue: Queue, typing: string | null = null) =>
    run(t("did.roles"), (d) => ({ ...d, queues: { ...d.queues, [key]: queue } }), typing);
  const usesRole = (key: string) =>
    doc.nodes.filter((n) => n.role === key).length +
    queues.filter(([, q]) => q.role === key).length +
    roles.filter(([, r]) => r.fallback === key).length;
  const roleOptions = roles.map(([key, role]) => [key, role.name] as const);
  return (
    <>
      <Part title={t("roles")} count={roles.length}>
        {roles.map(([key, role]) => (
          <Item
            key={key}
            title={role.name || key}
            remove={usesRole(key) ? t("roleUsed", { n: usesRole(key) }) : t("removeRole", { name: role.name })}
            onRemove={() => {
              if (usesRole(key)) return editor.say(t("roleUsed", { n: usesRole(key) }));
              run(t("did.roles"), (d) => ({ ...d, roles: without(d.roles, key) }));
            }}
          >
            <Text
              label={t("roleName")}
              value={role.name}
              onChange={(name) => setRole(key, { name }, `rolename:${key}`)}
            />
            <Choice
              label={t("queue")}
              value={role.queue ?? ""}
              options={[["", t("notSet")], ...queues.map(([k]) => [k, nameOf(k)] as const)]}
              onChange={(v) => setRole(key, { queue: v || undefined })}
            />
            <Choice
              label={t("fallback")}
              value={role.fallback ?? ""}
              options={[["", t("fallbackOwner")], ...roleOptions.filter(([k]) => k !== key)]}
              onChange={(v) => setRole(key, { fallback: v || undefined })}
            />
          </Item>
        ))}
        <AddButton
          onClick={() =>
            run(t("did.roles"), (d) => ({
              ...d,
              roles: { ...d.roles, [freeId(Object.keys(d.roles), "role")]: { name: t("roleNew") } },
            }))
          }
        >
          {t("addRole")}
        </AddButton>
      </Part>
      <Part title={t("queues")} count={queues.length}>
        {queues.map(([key, queue]) => (
          <Item
            key={key}
            title={nameOf(key)}
            remove={t("removeQueue", { name: nameOf(key) })}
            onRemove={() =>
              run(t("did.roles"), (d) => ({
                ...d,
                queues: without(d.queues, key),
                roles: Object.fromEntries(
                  Object.entries(d.roles).map(([k, { queue: of, ...role }]) => [
                    k,
                    of === key || !of ? role : { ...role, queue: of },
                  ]),
                ),
              }))
            }
          >
            {!isOurs(key) && (
              <Text
                label={t("queueName")}
                value={queue.name ?? ""}
                onChange={(name) => setQueue(key, filled({ ...queue, name }), `queuename:${key}`)}
              />
            )}
            <Choice
              label={t("queueRole")}
              value={queue.role}
              options={roleOptions}
              onChange={(role) => setQueue(key, { ...queue, role })}
            />
            <Choice
              label={t("strategy")}
              value={queue.strategy}
              help={t(`strategyHelp.${queue.strategy}`)}
              options={queueStrategies.map((s) => [s, t(`strategies.${s}`)] as const)}
              onChange={(v) => {
                const strategy = queueStrategies.find((s) => s === v);
                if (strategy) setQueue(key, { ...queue, strategy });
              }}
            />
            {queue.strategy === "record_owner" && (
              <Text
                label={t("ownerField")}
                mono
                value={queue.ownerField ?? ""}
                suggestions={fields.map((f) => f.name).filter((f) => f.endsWith("owner_id"))}
                onChange={(ownerField) => setQueue(key, filled({ ...queue, ownerField }), `owner:${key}`)}
              />
            )}
            {queue.strategy === "territory" && (
              <Choice
                label={r("table")}
                value={queue.territoryTable ?? ""}
                options={[
                  ["", r("noTable")],
                  ...Object.entries(doc.decisionTables).map(([k, table]) => [k, table.name ?? k] as const),
                ]}
                onChange={(v) => setQueue(key, filled({ ...queue, territoryTable: v || undefined }))}
              />
            )}
            <RoutingFields
              strategy={queue.strategy}
              drawn
              value={queue}
              fields={fields.map((f) => f.name)}
              onChange={(change, typing) =>
                setQueue(key, filled({ ...queue, ...change }), typing === null ? null : `${typing}:${key}`)
              }
            />
            <QueuePeople queueKey={key} />
            <Strict
              label={t("capacity")}
              value={queue.capacityPerDay === undefined ? "" : String(queue.capacityPerDay)}
              accept={(v) => v === "" || (/^\d{1,4}$/.test(v) && Number(v) > 0)}
              wrong={t("wrong.number")}
              onChange={(v) =>
                setQueue(key, filled({ ...queue, capacityPerDay: v ? Number(v) : undefined }), `capacity:${key}`)
              }
            />
          </Item>
        ))}
        {roles.length > 0 ? (
          <AddButton
            onClick={() =>
              run(t("did.roles"), (d) => {
                const key = freeId(Object.keys(d.queues), "queue");
                const role = Object.keys(d.roles)[0] ?? "";
                return {
                  ...d,
                  queues: { ...d.queues, [key]: { role, strategy: "round_robin" as const } },
                  roles: d.roles[role]?.queue ? d.roles : { ...d.roles, [role]: { ...d.roles[role]!, queue: key } },
                };
              })
            }
          >
            {t("addQueue")}
          </AddButton>
        ) : (
          <p className="text-xs text-ink-3">{t("queueNeedsRole")}</p>
        )}
      </Part>
      <PickTry doc={doc} />
    </>
  );
}

export function without<T>(all: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = all;
  return rest;
}
