"use client";
import { useTranslations } from "use-intl";
import type { Process, ProcessNode, Sla } from "@/server/engine/process.ts";
import { inputLook } from "../../ui/field.tsx";
import { freeId, setNode } from "../document.ts";
import type { EditorState } from "../use-editor.ts";
import { ActionList } from "./action-list.tsx";
import { filled } from "./as-key.ts";
import { Check } from "./check.tsx";
import { Choice } from "./choice.tsx";
import { freshCalendar } from "./fresh-calendar.ts";
import { AddButton, Item, Part } from "./part.tsx";
import { SlaConditions } from "./sla-conditions.tsx";
import { SlaGoals, SlaLadder, TargetField } from "./sla-goals.tsx";
import { TestBench } from "./test-bench.tsx";
import { Strict, Text } from "./text-field.tsx";

/** Every promise of the process, those of no step too: whole-run ones are set here. */
export function SlaPanel({ editor }: { editor: EditorState }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const all = Object.entries(doc.slas);
  return (
    <>
      {all.map(([key, sla]) => {
        const used = doc.nodes.filter((n) => n.slas?.includes(key));
        return (
          <Item
            key={key}
            title={`${sla.name} (${sla.target})`}
            remove={t("removeSla")}
            onRemove={() =>
              run(t("did.sla"), (d) => {
                const { [key]: _, ...slas } = d.slas;
                const nodes = d.nodes.map((n) => {
                  if (!n.slas?.includes(key)) return n;
                  const { slas: own, ...rest } = n;
                  const left = own.filter((k) => k !== key);
                  return left.length ? { ...rest, slas: left } : rest;
                });
                return { ...d, slas, nodes };
              })
            }
          >
            <p className="text-xs text-ink-3">
              {spanOf(doc, sla, t) ?? (used.length ? used.map((n) => n.name || n.id).join(", ") : t("slaOfNoStep"))}
            </p>
            <Part title={t("slaSettings")} open={false}>
              <SlaFields editor={editor} id={key} sla={sla} />
            </Part>
          </Item>
        );
      })}
      {all.length === 0 && <p className="text-sm text-ink-2">{t("slasNone")}</p>}
      <AddButton
        onClick={() =>
          run(t("did.sla"), (d: Process) => {
            const key = freeId(Object.keys(d.slas), "sla");
            const [calendar] = Object.keys(d.calendars);
            const sla: Sla = {
              name: key,
              target: "5bd",
              ...(calendar && { calendar }),
              starts: "run.started",
              stops: "run.completed",
              warnAt: [80],
              onWarn: [],
              onBreach: [{ verb: "notify", to: "process_owner" }],
            };
            return { ...d, slas: { ...d.slas, [key]: calendar ? sla : { ...sla, target: "8h" } } };
          })
        }
      >
        {t("slaAddRun")}
      </AddButton>
    </>
  );
}

/** "From Call to Review", where it runs between two steps; null where it does not. */
function spanOf(
  doc: Process,
  { startStep, stopStep }: Sla,
  t: ReturnType<typeof useTranslations<"editor">>,
): string | null {
  if (!startStep && !stopStep) return null;
  const name = (id: string | undefined) => doc.nodes.find((n) => n.id === id)?.name || (id ?? "–");
  return t("slaSpan", { from: name(startStep), to: name(stopStep ?? startStep) });
}

/** The promises of a step: target, calendar, warnings, pauses, what follows, and a bench that says when a record is due. */
export function TabSla({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const own = node.slas ?? [];
  const others = Object.entries(doc.slas).filter(([key]) => !own.includes(key));
  const attach = (key: string) => run(t("did.sla"), (d) => setNode(d, node.id, { slas: [...own, key] }));
  const add = () =>
    run(t("did.sla"), (d: Process) => {
      const key = freeId(Object.keys(d.slas), "sla");
      const calendars = Object.keys(d.calendars).length ? d.calendars : { office: freshCalendar(t("officeHours")) };
      const [calendar] = Object.keys(calendars);
      const sla: Sla = {
        name: node.name || key,
        target: "8h",
        ...(calendar && { calendar }),
        starts: "step.entered",
        stops: "step.completed",
        warnAt: [80],
        onWarn: [{ verb: "notify", to: "assignee" }],
        onBreach: [{ verb: "notify", to: "process_owner" }],
      };
      return setNode({ ...d, calendars, slas: { ...d.slas, [key]: sla } }, node.id, { slas: [...own, key] });
    });
  return (
    <>
      {own.length === 0 && <p className="text-sm text-ink-2">{t("slaNone")}</p>}
      {own.map((key) => {
        const sla = doc.slas[key];
        return sla ? (
          <Item
            key={key}
            title={sla.name}
            remove={t("removeSla")}
            onRemove={() =>
              run(t("did.sla"), (d) => {
                const next = setNode(d, node.id, { slas: own.length > 1 ? own.filter((k) => k !== key) : undefined });
                // A promise that nobody makes any more is gone.
                const used = next.nodes.some((n) => n.slas?.includes(key));
                const { [key]: _, ...rest } = next.slas;
                return used ? next : { ...next, slas: rest };
              })
            }
          >
            <SlaFields editor={editor} id={key} sla={sla} />
          </Item>
        ) : null;
      })}
      <AddButton onClick={add}>{t("addSla")}</AddButton>
      {others.length > 0 && (
        <select
          className={inputLook}
          aria-label={t("useSla")}
          value=""
          onChange={(e) => e.target.value && attach(e.target.value)}
        >
          <option value="">{t("useSla")}</option>
          {others.map(([key, sla]) => (
            <option key={key} value={key}>
              {`${sla.name} (${sla.target})`}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

function SlaFields({ editor, id, sla }: { editor: EditorState; id: string; sla: Sla }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const put = (change: Partial<Sla>, typing: string | null = null) =>
    run(
      t("did.sla"),
      (d) => ({ ...d, slas: { ...d.slas, [id]: filled<Sla>({ ...d.slas[id], ...change } as Sla) } }),
      typing && `${typing}:${id}`,
    );
  return (
    <>
      <Text label={t("slaName")} value={sla.name} onChange={(v) => put({ name: v || id }, "slaname")} />
      <div className="grid grid-cols-[7rem_1fr] gap-2">
        <TargetField doc={doc} value={sla.target} onChange={(v) => put({ target: v }, "target")} />
        <Choice
          label={t("calendar")}
          value={sla.calendar ?? ""}
          options={[["", t("noCalendar")], ...Object.entries(doc.calendars).map(([k, c]) => [k, c.name ?? k] as const)]}
          onChange={(v) => put({ calendar: v || undefined })}
        />
      </div>
      <p className="text-xs text-ink-3">{t("targetHelp")}</p>
      <WarnAt values={sla.warnAt} onChange={(warnAt) => put({ warnAt })} />
      <Strict
        label={t("slaRiskAt")}
        value={String(sla.riskAt ?? 80)}
        accept={(text) => /^[1-9]\d?$/.test(text)}
        wrong={t("wrong.number")}
        onChange={(v) => put({ riskAt: Number(v) === 80 ? undefined : Number(v) }, "riskAt")}
      />
      <Check
        label={t("escalate")}
        checked={sla.escalate === true}
        onChange={(on) => put({ escalate: on || undefined })}
      />
      <TestBench doc={doc} sla={sla} />
      <SlaGoals doc={doc} sla={sla} put={put} />
      <SlaConditions doc={doc} sla={sla} put={put} />
      <Part title={t("onWarn")} count={sla.onWarn.length} open={false}>
        <ActionList
          doc={doc}
          place={`warn:${id}`}
          label={t("onWarn")}
          actions={sla.onWarn}
          onChange={(onWarn, typing) => put({ onWarn }, typing)}
        />
      </Part>
      <Part title={t("onBreach")} count={sla.onBreach.length} open={false}>
        <ActionList
          doc={doc}
          place={`breach:${id}`}
          label={t("onBreach")}
          actions={sla.onBreach}
          onChange={(onBreach, typing) => put({ onBreach }, typing)}
        />
      </Part>
      <SlaLadder doc={doc} id={id} sla={sla} put={put} />
    </>
  );
}

/** Percent of the target at which people are warned: chips, and one to add. */
function WarnAt({ values, onChange }: { values: readonly number[]; onChange: (values: number[]) => void }) {
  const t = useTranslations("editor");
  return (
    <fieldset className="grid gap-1" aria-label={t("warnAt")}>
      <span aria-hidden className="text-xs font-medium text-ink-2">
        {t("warnAt")}
      </span>
      <div className="flex flex-wrap items-center gap-1.5">
        {values.map((n) => (
          <button
            key={n}
            type="button"
            aria-label={t("removeWarning", { n })}
            title={t("removeWarning", { n })}
            onClick={() => onChange(values.filter((v) => v !== n))}
            className="inline-flex h-7 items-center gap-1 rounded-md bg-mute-bg px-2 text-xs font-medium text-ink-2 hover:text-ink"
          >
            {`${n} %`}
            <span aria-hidden>×</span>
          </button>
        ))}
        {values.length < 10 && (
          <input
            className="h-7 w-20 rounded-md border border-line-strong bg-surface px-2 text-xs"
            inputMode="numeric"
            aria-label={t("addWarning")}
            placeholder={t("addWarning")}
            onKeyDown={(e) => {
              if (e.key !== "Enter" || e.nativeEvent.isComposing) return;
              const n = Number(e.currentTarget.value);
              if (Number.isInteger(n) && n > 0 && n < 100 && !values.includes(n)) {
                onChange([...values, n].sort((a, b) => a - b));
                e.currentTarget.value = "";
              }
            }}
          />
        )}
      </div>
    </fieldset>
  );
}
