"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import { type ApprovalConfig, withdrawnBy } from "@/server/engine/work/approval-config.ts";
import { type Needs, writeLevels } from "@/server/engine/work/approval-path.ts";
import { useTRPCClient } from "../../api.tsx";
import type { EditorState } from "../use-editor.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { AddButton, Item, Part } from "./part.tsx";
import { isShort, Strict, Text } from "./text-field.tsx";
import { TryStep } from "./try-step.tsx";
import { useConfig } from "./use-config.tsx";

type Props = { editor: EditorState; node: ProcessNode };
type Level = NonNullable<ApprovalConfig["levels"]>[number];
const decisions = ["approved", "rejected", "returned"] as const;

/** Who decides, in which order, what they have to say, and what happens when nobody does. */
export function ApprovalFields({ editor, node }: Props) {
  const t = useTranslations("editor");
  const ta = useTranslations("editor.approval");
  const { choice, at, set } = useConfig(editor, node);
  const form = node.form ? editor.doc.forms[node.form] : undefined;
  const config = node.config as Partial<ApprovalConfig>;
  const exits = config.exits ?? "done";
  return (
    <>
      <Part title={ta("who")} count={(config.levels?.length ?? 0) + (config.matrix ? 1 : 0)} open>
        <Levels editor={editor} node={node} />
        <TryStep editor={editor} node={node} />
      </Part>
      {choice(
        "exits",
        t("exits"),
        [
          ["decision", t("exitsDecision")],
          ["done", t("exitsDone")],
        ],
        "done",
      )}
      {choice(
        "selfApproval",
        t("selfApproval"),
        [
          ["forbid", t("forbid")],
          ["allow", t("allow")],
        ],
        "forbid",
      )}
      {choice("decisionField", t("decisionField"), [
        ["", t("firstPicklist")],
        ["none", t("decisionNone")],
        ...(form?.fields ?? []).map((f) => [f.field, f.field] as const),
      ])}
      <Part title={ta("says")} count={config.comment?.length ?? 0} open={Boolean(config.comment ?? config.reasons)}>
        {at(
          "comment",
          <fieldset className="grid gap-1">
            <legend className="text-xs font-medium text-ink-2">{ta("comment")}</legend>
            {decisions.map((one) => (
              <Check
                key={one}
                label={ta(`decision.${one}`)}
                checked={config.comment?.includes(one) === true}
                onChange={(on) => {
                  const next = decisions.filter((d) => (d === one ? on : config.comment?.includes(d)));
                  set({ comment: next.length ? next : undefined });
                }}
              />
            ))}
          </fieldset>,
        )}
        {at(
          "reasons",
          <Text
            label={ta("reasons")}
            help={ta("reasonsHelp")}
            value={(config.reasons ?? []).join(", ")}
            onChange={(v) => {
              const reasons = v.split(",").map((one) => one.trimStart());
              set({ reasons: reasons.some((one) => one.trim()) ? reasons : undefined }, "reasons");
            }}
          />,
        )}
      </Part>
      {at(
        "mail",
        <Check label={ta("mail")} checked={config.mail === true} onChange={(on) => set({ mail: on || undefined })} />,
      )}
      <Timeout editor={editor} node={node} />
      {choice(
        "withdraw",
        ta("withdraw"),
        (exits === "decision"
          ? (["returned", "withdrawn", "cancel", "forbid"] as const)
          : (["cancel", "forbid"] as const)
        ).map((k) => [k, ta(`withdraws.${k}`)]),
        withdrawnBy({ exits, selfApproval: "forbid" }),
      )}
    </>
  );
}

function Levels({ editor, node }: Props) {
  const ta = useTranslations("editor.approval");
  const { set, at } = useConfig(editor, node);
  const config = node.config as Partial<ApprovalConfig>;
  const levels = config.levels ?? [];
  const tables = Object.entries(editor.doc.decisionTables);
  const change = (next: Level[], typing: string | null = null) =>
    set({ levels: next.length ? next : undefined }, typing);
  const first = node.role ?? Object.keys(editor.doc.roles)[0];
  return (
    <>
      {levels.length === 0 && !config.matrix && <p className="text-xs text-ink-3">{ta("one")}</p>}
      {levels.map((level, i) => (
        <div key={i}>
          {at(
            `levels.${i}`,
            <Item
              title={level.name || ta("level", { n: i + 1 })}
              remove={ta("removeLevel", { n: i + 1 })}
              onRemove={() => change(levels.filter((_, j) => j !== i))}
            >
              <LevelFields
                editor={editor}
                level={level}
                onChange={(to, typing) =>
                  change(
                    levels.map((one, j) => (j === i ? to : one)),
                    typing && `level.${i}.${typing}`,
                  )
                }
              />
            </Item>,
          )}
        </div>
      ))}
      {levels.length < 10 && first && (
        <AddButton onClick={() => change([...levels, { ask: [first], needs: "all" }])}>{ta("addLevel")}</AddButton>
      )}
      {(tables.length > 0 || config.matrix) &&
        at(
          "matrix",
          <Choice
            label={ta("matrix")}
            help={ta("matrixHelp")}
            value={config.matrix ?? ""}
            options={[["", ta("noMatrix")], ...tables.map(([key, table]) => [key, table.name ?? key] as const)]}
            onChange={(v) => set({ matrix: v || undefined, ...(!v && { whenNobody: undefined }) })}
          />,
        )}
      {config.matrix &&
        at(
          "whenNobody",
          config.whenNobody ? (
            <Item title={ta("whenNobody")} remove={ta("removeNobody")} onRemove={() => set({ whenNobody: undefined })}>
              <LevelFields
                editor={editor}
                level={config.whenNobody}
                onChange={(to, typing) => set({ whenNobody: to }, typing && `nobody.${typing}`)}
              />
            </Item>
          ) : (
            <>
              <p className="text-xs text-ink-3">{ta("nobodyHelp")}</p>
              {first && (
                <AddButton onClick={() => set({ whenNobody: { ask: [first], needs: "all" } })}>
                  {ta("addNobody")}
                </AddButton>
              )}
            </>
          ),
        )}
      {levels.length > 0 && <p className="font-mono text-2xs break-words text-ink-3">{writeLevels(levels)}</p>}
    </>
  );
}

/** Whom one level asks, and how many of them have to approve. */
function LevelFields({
  editor,
  level,
  onChange,
}: {
  editor: EditorState;
  level: Level;
  onChange: (level: Level, typing: string | null) => void;
}) {
  const ta = useTranslations("editor.approval");
  const client = useTRPCClient();
  const { data: people = [] } = useQuery({ queryKey: ["inbox.people"], queryFn: () => client.inbox.people.query() });
  const roles = Object.entries(editor.doc.roles);
  const options = [
    ...roles.map(([key, role]) => [key, role.name || key] as const),
    ...roles.map(([key, role]) => [`*${key}`, ta("everybody", { role: role.name || key })] as const),
    ...people.map(({ id, name }) => [`@${id}`, name] as const),
  ];
  const known = new Set(options.map(([value]) => value));
  const needs = typeof level.needs === "number" ? "some" : level.needs;
  return (
    <>
      <Text
        label={ta("levelName")}
        value={level.name ?? ""}
        max={200}
        onChange={(name) => onChange({ ...level, name: name || undefined }, "name")}
      />
      {level.ask.map((ask, i) => (
        <div key={i} className="flex items-end gap-1">
          <div className="min-w-0 flex-1">
            <Choice
              label={ta("ask", { n: i + 1 })}
              value={ask}
              options={known.has(ask) ? options : [[ask, ask], ...options]}
              onChange={(v) => onChange({ ...level, ask: level.ask.map((one, j) => (j === i ? v : one)) }, null)}
            />
          </div>
          {level.ask.length > 1 && (
            <button
              type="button"
              className="h-9 rounded-md px-2 text-xs text-ink-2 hover:bg-sunken"
              aria-label={ta("removeAsk", { n: i + 1 })}
              onClick={() => onChange({ ...level, ask: level.ask.filter((_, j) => j !== i) }, null)}
            >
              ×
            </button>
          )}
        </div>
      ))}
      {options[0] && (
        <AddButton onClick={() => onChange({ ...level, ask: [...level.ask, options[0]![0]] }, null)}>
          {ta("addAsk")}
        </AddButton>
      )}
      <Choice
        label={ta("needs")}
        value={needs}
        options={(["all", "any", "majority", "some"] as const).map((k) => [k, ta(`need.${k}`)])}
        onChange={(v) => onChange({ ...level, needs: v === "some" ? 2 : (v as Exclude<Needs, number>) }, null)}
      />
      {needs === "some" && (
        <Strict
          label={ta("count")}
          value={String(level.needs)}
          accept={(v) => /^[1-9]\d?$/.test(v) && Number(v) <= 50}
          wrong={ta("countWrong")}
          onChange={(v) => onChange({ ...level, needs: Number(v) }, "needs")}
        />
      )}
    </>
  );
}

function Timeout({ editor, node }: Props) {
  const t = useTranslations("editor");
  const ta = useTranslations("editor.approval");
  const { set, at } = useConfig(editor, node);
  const { timeout } = node.config as Partial<ApprovalConfig>;
  const calendars = Object.entries(editor.doc.calendars);
  const change = (to: Partial<NonNullable<ApprovalConfig["timeout"]>>, typing: string | null = null) =>
    set({ timeout: { ...(timeout ?? { after: "PT8H", do: "remind" as const }), ...to } }, typing);
  return (
    <Part title={ta("timeout")} count={timeout ? 1 : 0} open={Boolean(timeout)}>
      {at(
        "timeout",
        <Choice
          label={ta("timeoutDo")}
          help={ta("timeoutHelp")}
          value={timeout?.do ?? ""}
          options={[
            ["", ta("noTimeout")],
            ...(["remind", "escalate", "reject", "return"] as const).map((k) => [k, ta(`timeouts.${k}`)] as const),
            // Drawn elsewhere: shown, so that it can be mended.
            ...(timeout?.do === "approve" ? [["approve", ta("timeouts.approve")] as const] : []),
          ]}
          onChange={(v) => {
            if (v === "") set({ timeout: undefined });
            else if (v === "remind" || v === "escalate" || v === "reject" || v === "return") change({ do: v });
          }}
        />,
      )}
      {timeout && (
        <>
          <Strict
            label={ta("timeoutAfter")}
            help={t("targetHelp")}
            value={timeout.after}
            accept={isShort}
            wrong={t("wrong.duration")}
            onChange={(after) => change({ after }, "timeout")}
          />
          <Choice
            label={t("calendar")}
            value={timeout.calendar ?? ""}
            options={[["", t("noCalendar")], ...calendars.map(([key, c]) => [key, c.name ?? key] as const)]}
            onChange={(v) => change({ calendar: v || undefined })}
          />
          {timeout.do === "escalate" && (
            <Choice
              label={ta("escalateTo")}
              value={timeout.to ?? ""}
              options={[
                ["", ta("managers")],
                ...Object.entries(editor.doc.roles).map(([key, role]) => [key, role.name || key] as const),
              ]}
              onChange={(v) => change({ to: v || undefined })}
            />
          )}
        </>
      )}
    </Part>
  );
}
