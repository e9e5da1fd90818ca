"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useEffect, useRef, useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { DialogWindow } from "../ui/dialog-window.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { toast } from "../ui/toast.tsx";
import type { Filter } from "./run-address.ts";
import type { Choices } from "./run-filters.tsx";

type Preview = Awaited<ReturnType<Caller["batches"]["preview"]>>;
const verbs = ["retry", "move", "suspend", "resume", "cancel"] as const;
type Verb = (typeof verbs)[number];

/** What is to be done to these runs, why, and what would come of it: looked at first, then started. */
export function BatchDialog({
  open,
  onClose,
  filter,
  process,
  step,
  choices,
}: {
  open: boolean;
  onClose: () => void;
  filter: Filter;
  process: string;
  step: string;
  choices: Choices;
}) {
  const t = useTranslations("operate.batch");
  const client = useTRPCClient();
  const router = useRouter();
  const [verb, setVerb] = useState<Verb>("retry");
  const [from, setFrom] = useState(step);
  const [to, setTo] = useState("");
  const [clocks, setClocks] = useState<"pause" | "go_on">("pause");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [seen, setSeen] = useState<Preview | null>(null);
  const steps = choices.processes.find(({ key }) => key === process)?.steps ?? [];
  const looking = useRef(0);
  useEffect(() => () => void looking.current++, []);
  const changed = () => {
    looking.current++;
    setBusy(false);
    setSeen(null);
  };
  const order = {
    kind: verb,
    filter,
    params: verb === "move" ? { from, to } : verb === "suspend" ? { clocks } : {},
  };
  const fit = reason.trim() !== "" && (verb !== "move" || (from !== "" && to !== ""));
  /** In goes of a thousand, so that what is known is shown and no request takes long; closing the dialog ends it. */
  async function look() {
    const turn = ++looking.current;
    setBusy(true);
    try {
      let all: Preview | null = null;
      do {
        const go: Preview = await client.batches.preview.query({
          ...order,
          reason: reason.trim(),
          ...(all?.next && { after: all.next }),
        });
        all = all ? together(all, go) : go;
        if (looking.current !== turn) return;
        setSeen(all);
      } while (all.next !== null);
    } catch (error) {
      toast.error(refusalOf(error).text);
    } finally {
      if (looking.current === turn) setBusy(false);
    }
  }
  async function start() {
    setBusy(true);
    try {
      const { id } = await client.batches.start.mutate({ ...order, reason: reason.trim() });
      onClose();
      router.push(`/operate/batches/${id}`);
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
    setBusy(false);
  }
  const stepChoice = (label: string, value: string, set: (next: string) => void) => (
    <Field label={label} required>
      {(ids) => (
        <select
          {...ids}
          value={value}
          className={inputLook}
          onChange={(e) => {
            set(e.target.value);
            changed();
          }}
        >
          <option value="">{t("chooseStep")}</option>
          {steps.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <DialogWindow open={open} onClose={onClose} title={t("title")}>
      <form
        className="grid gap-3"
        onSubmit={(e) => {
          e.preventDefault();
          void (seen ? start() : look());
        }}
      >
        <Field label={t("verb")}>
          {(ids) => (
            <select
              {...ids}
              value={verb}
              className={inputLook}
              onChange={(e) => {
                setVerb(verbs.find((one) => one === e.target.value) ?? "retry");
                changed();
              }}
            >
              {verbs.map((one) => (
                <option key={one} value={one}>
                  {t(`verbs.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <p className="text-sm text-ink-2">{t(`about.${verb}`)}</p>
        {verb === "move" &&
          (process ? (
            <div className="grid gap-3 sm:grid-cols-2">
              {stepChoice(t("from"), from, setFrom)}
              {stepChoice(t("to"), to, setTo)}
            </div>
          ) : (
            <p role="alert" className="rounded-md bg-risk-bg px-3 py-2 text-sm text-risk">
              {t("oneProcess")}
            </p>
          ))}
        {verb === "suspend" && (
          <Field label={t("clocks")} help={t(`clocksHelp.${clocks}`)}>
            {(ids) => (
              <select
                {...ids}
                value={clocks}
                className={inputLook}
                onChange={(e) => {
                  setClocks(e.target.value === "go_on" ? "go_on" : "pause");
                  changed();
                }}
              >
                <option value="pause">{t("clocksPause")}</option>
                <option value="go_on">{t("clocksGoOn")}</option>
              </select>
            )}
          </Field>
        )}
        <Field label={t("reason")} required help={t("reasonHelp")}>
          {(ids) => (
            <input
              {...ids}
              value={reason}
              required
              maxLength={500}
              className={inputLook}
              onChange={(e) => {
                setReason(e.target.value);
                changed();
              }}
            />
          )}
        </Field>
        {seen && <Seen preview={seen} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            {t("leave")}
          </Button>
          {seen ? (
            <Button
              type="submit"
              kind={verb === "cancel" ? "danger" : "primary"}
              disabled={busy || !fit || seen.total === 0}
            >
              {t("start", { n: seen.total })}
            </Button>
          ) : (
            <Button type="submit" kind="primary" disabled={busy || !fit}>
              {t("look")}
            </Button>
          )}
        </div>
      </form>
    </DialogWindow>
  );
}

/** What would become of how many, as far as was looked. */
function Seen({ preview: { total, looked, next, outcomes } }: { preview: Preview }) {
  const t = useTranslations("operate.batch");
  const format = useFormat();
  return (
    <div role="status" className="grid gap-1 rounded-md bg-info-bg px-3 py-2 text-sm text-info">
      <p className="font-semibold">{t("total", { n: total })}</p>
      <ul className="grid gap-0.5">
        {outcomes.map(({ result, text, n }) => (
          <li key={`${result}${text}`}>
            {t(`outcomes.${result}`, { n })}
            {text && `: ${text}`}
          </li>
        ))}
      </ul>
      {next !== null && <p>{t("looking", { n: format.number(looked), of: format.number(total) })}</p>}
    </div>
  );
}

/** What was looked at so far and what came with the next go. */
function together(before: Preview, go: Preview): Preview {
  const outcomes = new Map(before.outcomes.map((one) => [`${one.result} ${one.text}`, one]));
  for (const one of go.outcomes) {
    const key = `${one.result} ${one.text}`;
    outcomes.set(key, { ...one, n: one.n + (outcomes.get(key)?.n ?? 0) });
  }
  return {
    ...go,
    looked: before.looked + go.looked,
    outcomes: [...outcomes.values()].sort((a, b) => b.n - a.n),
  };
}
