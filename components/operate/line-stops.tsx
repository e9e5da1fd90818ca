"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import type { Caller } from "@/server/api/router.ts";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { useAct } from "../use-act.ts";
import { HoldForm } from "./hold-form.tsx";

export type Stops = Awaited<ReturnType<Caller["operate"]["stops"]>>;

/** What of a process is stopped; who may, stops a step or all of it, and starts it again. */
export function LineStops({
  process,
  steps,
  stops,
  mayStop,
}: {
  process: string;
  steps: readonly { id: string; name: string }[];
  stops: Stops;
  mayStop: boolean;
}) {
  const t = useTranslations("operate.hold");
  const format = useFormat();
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [open, setOpen] = useState(false);
  if (stops.length === 0 && !mayStop) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {stops.map((stop) => (
        <div
          key={stop.node}
          role="status"
          className="flex flex-wrap items-center gap-2 rounded-md bg-risk-bg px-3 py-2 text-sm text-risk"
        >
          <Status kind="paused">{t("stopped")}</Status>
          <span className="min-w-0 grow basis-64">
            {t("stopOf", {
              step: stop.node ? (stop.name ?? stop.node) : t("wholeProcess"),
              reason: stop.reason,
              name: stop.by ?? "",
              when: format.ago(stop.at),
            })}{" "}
            {t(`clocks.${stop.clocks}`)}
          </span>
          {mayStop && (
            <Button
              size="small"
              disabled={busy}
              onClick={() =>
                void act(() => client.operate.startLine.mutate({ process, node: stop.node }), t("startedAgain"))
              }
            >
              {t("start")}
            </Button>
          )}
        </div>
      ))}
      {mayStop &&
        (open ? (
          <HoldForm
            label={t("stop")}
            busy={busy}
            onLeave={() => setOpen(false)}
            onHold={(reason, clocks, form) => {
              setOpen(false);
              const node = String(form.get("node") ?? "");
              void act(() => client.operate.stopLine.mutate({ process, node, reason, clocks }), t("stoppedNow"));
            }}
          >
            <Field label={t("what")}>
              {(ids) => (
                <select {...ids} name="node" className={inputLook}>
                  {steps.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                  <option value="">{t("wholeProcess")}</option>
                </select>
              )}
            </Field>
          </HoldForm>
        ) : (
          <Button size="small" className="w-fit" disabled={busy} onClick={() => setOpen(true)}>
            {t("stopOpen")}
          </Button>
        ))}
    </div>
  );
}
