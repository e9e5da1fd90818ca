import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";

/** Where a clock stands: met, missed or cancelled when it has ended, else against its due time. */
export function ClockStatus({
  clock,
}: {
  clock: { state: string; dueAt: number | null; breachedAt: number | null; atRiskAt: number | null };
}) {
  const word = useTranslations("status");
  const { now } = useFormat();
  if (clock.state === "cancelled") return <Status kind="none">{word("cancelled")}</Status>;
  if (clock.state === "completed")
    return clock.breachedAt == null ? (
      <Status kind="done">{word("met")}</Status>
    ) : (
      <Status kind="breached">{word("missed")}</Status>
    );
  if (clock.breachedAt != null || (clock.dueAt != null && now > clock.dueAt))
    return <Status kind="breached">{word("breached")}</Status>;
  if (clock.state === "paused") return <Status kind="paused">{word("paused")}</Status>;
  return clock.atRiskAt != null && now >= clock.atRiskAt ? (
    <Status kind="at_risk">{word("at_risk")}</Status>
  ) : (
    <Status kind="on_track">{word("on_track")}</Status>
  );
}
