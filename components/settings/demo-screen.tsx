"use client";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { Screen } from "./screen.tsx";
import { useAct } from "../use-act.ts";

/** Empties the demo. It cannot be taken back, so the name is typed. */
export function DemoScreen({ name }: { name: string }) {
  const t = useTranslations("settings.demo");
  const client = useTRPCClient();
  const { busy, act } = useAct();
  const [typed, setTyped] = useState("");
  return (
    <Screen title={t("title")} text={t("text")}>
      <form
        className="grid max-w-xl gap-4 rounded-lg border border-breach-solid bg-surface p-4"
        onSubmit={(e) => {
          e.preventDefault();
          void act(() => client.workspace.clearDemo.mutate({ name: typed }), t("cleared")).then(
            (done) => done && window.location.assign("/processes"),
          );
        }}
      >
        <p className="text-sm">{t("what")}</p>
        <p className="text-sm text-ink-2">{t("stays")}</p>
        <Field label={t("type", { name })} required>
          {(ids) => (
            <input
              {...ids}
              autoComplete="off"
              value={typed}
              onChange={(e) => setTyped(e.target.value)}
              className={inputLook}
            />
          )}
        </Field>
        <Button kind="danger" size="large" type="submit" className="w-fit" disabled={busy || typed.trim() !== name}>
          {t("clear")}
        </Button>
      </form>
    </Screen>
  );
}
