"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { StepCard } from "@/server/inbox/read-card.ts";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";

export type CardAction = "snooze" | "handOver" | "block";
type Props = {
  card: NonNullable<StepCard>;
  open: boolean;
  action: CardAction | null;
  onClose: () => void;
  send: (work: () => Promise<unknown>, said: string) => Promise<void>;
};

/** The ways out of a step that are no outcome: later, somebody else, not now. */
export function CardActions({ card, open, action, onClose, send }: Props) {
  const t = useTranslations("inbox");
  return (
    <Dialog open={open} onClose={onClose} title={action ? t(action) : ""}>
      {action === "snooze" && <Snooze card={card} send={send} />}
      {action === "handOver" && <HandOver card={card} send={send} />}
      {action === "block" && <Block card={card} send={send} />}
    </Dialog>
  );
}

const hour = 3_600_000;

function Snooze({ card, send }: Pick<Props, "card" | "send">) {
  const t = useTranslations("inbox");
  const format = useFormat();
  const client = useTRPCClient();
  const morning = (days: number) => {
    const date = new Date(
      Date.parse(
        `${new Intl.DateTimeFormat("en-CA", { timeZone: format.zone }).format(format.now + days * 24 * hour)}T09:00:00Z`,
      ),
    );
    const shift =
      date.getTime() -
      Date.parse(
        `${new Intl.DateTimeFormat("sv-SE", { timeZone: format.zone, dateStyle: "short", timeStyle: "medium" }).format(date).replace(" ", "T")}Z`,
      );
    return date.getTime() + shift;
  };
  const choices = [
    { key: "later", until: format.now + 3 * hour },
    { key: "tomorrow", until: morning(1) },
    { key: "nextWeek", until: morning(7) },
  ] as const;
  return (
    <div className="grid gap-2">
      {choices.map(({ key, until }) => (
        <Button
          key={key}
          size="large"
          className="justify-between"
          onClick={() =>
            void send(
              () => client.inbox.snooze.mutate({ id: card.id, until }),
              t("snoozedUntil", { when: format.moment(until) }),
            )
          }
        >
          {t(`snoozes.${key}`)}
          <span className="text-xs font-normal text-ink-3">
            {format.dateTime(until)}
            {card.dueAt !== null && until > card.dueAt && ` · ${t("wouldMiss")}`}
          </span>
        </Button>
      ))}
    </div>
  );
}

function HandOver({ card, send }: Pick<Props, "card" | "send">) {
  const t = useTranslations("inbox");
  const client = useTRPCClient();
  const people = useQuery({ queryKey: ["inbox.people"], queryFn: () => client.inbox.people.query() });
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  return (
    <form
      className="grid gap-3"
      onSubmit={(e) => {
        e.preventDefault();
        void send(() => client.inbox.handOver.mutate({ id: card.id, to, ...(note && { note }) }), t("handedOver"));
      }}
    >
      <Field label={t("to")} required>
        {(ids) => (
          <select {...ids} className={inputLook} value={to} onChange={(e) => setTo(e.target.value)} required>
            <option value="">{t("chooseWho")}</option>
            {people.data?.map((p) => (
              <option key={p.id} value={p.id}>
                {p.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t("note")}>
        {(ids) => (
          <textarea
            {...ids}
            className={`${inputLook} h-20 py-2`}
            value={note}
            onChange={(e) => setNote(e.target.value)}
          />
        )}
      </Field>
      <Button kind="primary" type="submit" disabled={!to}>
        {t("handOver")}
      </Button>
    </form>
  );
}

function Block({ card, send }: Pick<Props, "card" | "send">) {
  const t = useTranslations("inbox");
  const client = useTRPCClient();
  const [reason, setReason] = useState("");
  return (
    <form
      className="grid gap-3"
      onSubmit={(e) => {
        e.preventDefault();
        void send(() => client.inbox.block.mutate({ id: card.id, reason }), t("blocked"));
      }}
    >
      <Field label={t("blockReason")} help={t("blockHelp")} required>
        {(ids) => (
          <input
            {...ids}
            className={inputLook}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
            required
            maxLength={500}
          />
        )}
      </Field>
      <Button kind="primary" type="submit" disabled={!reason.trim()}>
        {t("block")}
      </Button>
    </form>
  );
}
