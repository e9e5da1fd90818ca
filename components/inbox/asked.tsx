"use client";
import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { AskedView } from "@/server/inbox/asked-view.ts";
import { AskedLevels } from "../approval/asked-levels.tsx";
import { useTRPCClient } from "../api.tsx";
import { Withdraw } from "../approval/withdraw.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import type { Says, Unsaid } from "./task-card.tsx";

/** What an approver sees besides the form: the way of the request, and where to say why. */
export function Asked({
  asked,
  start,
  unsaid,
  onSay,
  send,
}: {
  asked: AskedView;
  start: Says;
  unsaid: Ref<Unsaid>;
  onSay: (says: Says) => void;
  send: (work: () => Promise<unknown>, said: string) => Promise<void>;
}) {
  const t = useTranslations("asked");
  const client = useTRPCClient();
  const [said, setSaid] = useState(start);
  const comment = useRef<HTMLTextAreaElement>(null);
  const [missing, setMissing] = useState(false);
  useImperativeHandle(unsaid, () => (decision) => {
    const unexplained = asked.comment.some((one) => one === decision) && !said.comment?.trim();
    setMissing(unexplained);
    if (unexplained) comment.current?.focus();
    return unexplained;
  });
  const say = (change: Says) => {
    setSaid({ ...said, ...change });
    onSay({ ...said, ...change });
  };
  return (
    <>
      <AskedLevels asked={asked} />
      <div className="grid gap-3 sm:grid-cols-2">
        {asked.reasons.length > 0 && (
          <Field label={t("reason")} help={t("reasonHelp")}>
            {(ids) => (
              <select
                {...ids}
                className={inputLook}
                value={said.reason ?? ""}
                onChange={(e) => say({ reason: e.target.value })}
              >
                <option value="">{t("noReason")}</option>
                {asked.reasons.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field
          label={t("comment")}
          className="sm:col-span-2"
          error={missing && !said.comment?.trim() ? t("commentMissing") : null}
          help={
            asked.comment.length
              ? t("commentFor", { decisions: asked.comment.map((one) => t(`state.${one}`)).join(", ") })
              : null
          }
        >
          {(ids) => (
            <textarea
              {...ids}
              ref={comment}
              rows={2}
              maxLength={4000}
              className={`${inputLook} h-auto py-1.5`}
              value={said.comment ?? ""}
              onChange={(e) => say({ comment: e.target.value })}
            />
          )}
        </Field>
      </div>
      <Withdraw
        asked={asked}
        withdraw={(reason) =>
          send(
            () => client.runs.withdraw.mutate({ id: asked.run, token: asked.token, ...(reason && { reason }) }),
            t("withdrawn"),
          )
        }
      />
    </>
  );
}
