"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useAct } from "../use-act.ts";
import type { RecordView } from "./record-screen.tsx";

type Run = RecordView["runs"][number];
type Moves = NonNullable<Run["moves"]>;
const ways = ["jump", "skip", "add", "add_item"] as const;
type Way = (typeof ways)[number];

/** Moves a run against what is drawn: how, from where, to where, why, and what that does, said before it is done. */
export function MoveDialog({
  run,
  open,
  onClose,
}: {
  run: Run & { moves: Moves };
  open: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("record.move");
  const kinds = useTranslations("processes.kinds");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const { tokens, steps } = run.moves;
  const [way, setWay] = useState<Way>("jump");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [port, setPort] = useState("");
  const [item, setItem] = useState("");
  const [reason, setReason] = useState("");
  const able: Record<Way, typeof tokens> = {
    jump: tokens,
    skip: tokens.filter((one) => one.isStep),
    add: [],
    add_item: tokens.filter((one) => one.loop),
  };
  const offered = ways.filter((one) => one === "add" || able[one].length > 0);
  const token = able[way].find((one) => one.token === from) ?? able[way][0];
  const reachable =
    way === "add" ? steps.filter((s) => s.isStep && s.in === null) : steps.filter((s) => s.in === (token?.in ?? null));
  const target = reachable.find((s) => s.id === to);
  const ready =
    reason.trim() !== "" &&
    (way === "jump" || way === "add" ? target !== undefined : token !== undefined) &&
    (way !== "add_item" || item.trim() !== "");
  const how = () => {
    switch (way) {
      case "jump":
        return { kind: "jump" as const, token: token!.token, to };
      case "skip":
        return { kind: "skip" as const, token: token!.token, ...(port && { port }) };
      case "add":
        return { kind: "add" as const, node: to };
      case "add_item":
        return {
          kind: "add_item" as const,
          token: token!.token,
          item: token!.loop?.records ? item.trim() : meant(item),
        };
      default:
        return way satisfies never;
    }
  };
  /** Where it stands, in the words of the page: which item, which step. */
  const standing = (one: { token: string; name: string }) => {
    const round = run.flow?.tokens.find((f) => f.token === one.token)?.inside.at(-1);
    return round?.item ? `${one.name} (${round.item})` : one.name;
  };
  return (
    <Dialog open={open} onClose={onClose} title={t("title")}>
      <form
        className="grid gap-3"
        onSubmit={(e) => {
          e.preventDefault();
          if (!ready) return;
          void act(() => client.runs.jump.mutate({ id: run.id, how: how(), reason: reason.trim() }), t("done")).then(
            (ok) => ok && onClose(),
          );
        }}
      >
        <fieldset className="grid gap-1.5">
          <legend className="sr-only">{t("how")}</legend>
          {offered.map((one) => (
            <div key={one}>
              <label className="flex items-center gap-2 text-sm font-semibold">
                <input
                  type="radio"
                  name="how"
                  className="size-4 accent-[var(--accent)]"
                  checked={way === one}
                  onChange={() => {
                    setWay(one);
                    setTo("");
                    setPort("");
                  }}
                />
                {t(`ways.${one}`)}
              </label>
              <p className="pl-6 text-xs text-ink-3">{t(`about.${one}`)}</p>
            </div>
          ))}
        </fieldset>
        {way !== "add" && able[way].length > 1 && (
          <Field label={t("from")}>
            {(ids) => (
              <select
                {...ids}
                className={inputLook}
                value={token?.token ?? ""}
                onChange={(e) => {
                  setFrom(e.target.value);
                  setTo("");
                }}
              >
                {able[way].map((one) => (
                  <option key={one.token} value={one.token}>
                    {standing(one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {(way === "jump" || way === "add") && (
          <Field label={t("to")} required>
            {(ids) => (
              <select {...ids} className={inputLook} value={target ? to : ""} onChange={(e) => setTo(e.target.value)}>
                <option value="">{t("choose")}</option>
                {reachable.map((step) => (
                  <option key={step.id} value={step.id}>
                    {`${step.name} · ${kinds(step.kind)}`}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {way === "skip" && (token?.exits.length ?? 0) > 1 && (
          <Field label={t("exit")}>
            {(ids) => (
              <select {...ids} className={inputLook} value={port} onChange={(e) => setPort(e.target.value)}>
                <option value="">{t("usualExit")}</option>
                {token?.exits.map((exit) => (
                  <option key={exit.port} value={exit.port}>
                    {`${exit.port.replaceAll("_", " ")} → ${exit.to}`}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {way === "add_item" && (
          <Field
            label={token?.loop?.records ? t("itemRecord") : t("item")}
            help={token?.loop?.records ? null : t("itemHelp")}
            required
          >
            {(ids) => (
              <input
                {...ids}
                className={inputLook}
                value={item}
                maxLength={2000}
                onChange={(e) => setItem(e.target.value)}
              />
            )}
          </Field>
        )}
        <Field label={t("reason")} help={t("reasonHelp")} required>
          {(ids) => (
            <textarea
              {...ids}
              className={`${inputLook} h-16 py-2`}
              value={reason}
              maxLength={500}
              onChange={(e) => setReason(e.target.value)}
            />
          )}
        </Field>
        <Consequences
          way={way}
          token={token}
          from={token ? standing(token) : ""}
          to={target?.name ?? null}
          standing={standing}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" kind="danger" disabled={!ready || busy}>
            {t(`do.${way}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What it does, before it is done. */
function Consequences({
  way,
  token,
  from,
  to,
  standing,
}: {
  way: Way;
  token: Moves["tokens"][number] | undefined;
  from: string;
  to: string | null;
  standing: (one: { token: string; name: string }) => string;
}) {
  const t = useTranslations("record.move");
  const lost = way === "jump" || way === "skip" ? token?.cancels : undefined;
  const lines = [
    way === "jump" && to && t("will.jump", { from, to }),
    way === "skip" && t("will.skip", { from }),
    way === "add" && to && t("will.add", { to }),
    way === "add_item" && t("will.add_item", { from }),
    ...(lost?.work ?? []).map((work) =>
      t("will.work", { name: standing(work), assignee: work.assignee ?? t("nobody") }),
    ),
    lost && lost.inside > 0 && t("will.inside", { n: lost.inside }),
    lost?.child && t("will.child"),
    t("will.logged"),
  ].filter((line): line is string => typeof line === "string");
  return (
    <ul aria-live="polite" className="grid gap-0.5 rounded-md bg-risk-bg px-3 py-2 text-sm text-risk">
      {lines.map((line, i) => (
        <li key={i}>{line}</li>
      ))}
    </ul>
  );
}

/** A number, yes, no or a list where it is written as one; else the words. */
export function meant(text: string): string | number | boolean | null {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  if (trimmed === "null") return null;
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}
