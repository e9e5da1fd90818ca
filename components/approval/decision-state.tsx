import { CircleCheck, Info, Lock } from "lucide-react";
import { useTranslations } from "use-intl";
import type { DecisionView } from "@/server/inbox/decision-view.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";

/** Whether there is still something to decide here, and if not, what became of it. */
export function DecisionState({ asked }: { asked: DecisionView }) {
  const t = useTranslations("decide");
  const format = useFormat();
  const { card, state, decided, closed } = asked;
  switch (state) {
    case "yours":
    case "free":
      return (
        <Line look="bg-info-bg text-info" icon={Info}>
          {state === "free" ? t("free", { role: card.role }) : t("yours")}{" "}
          {card.asked?.requester && t("askedBy", { name: card.asked.requester, when: format.ago(card.asked.at) })}
        </Line>
      );
    case "theirs":
      return (
        <Line look="bg-risk-bg text-risk" icon={Lock}>
          {t("theirs", { name: card.assigneeName ?? t("somebody") })}
        </Line>
      );
    case "decided": {
      const outcome = decided?.outcome ?? "";
      const known = outcome === "approved" || outcome === "rejected" || outcome === "returned" ? outcome : "other";
      return (
        <Line look="bg-mute-bg text-mute" icon={CircleCheck}>
          {t(`decided.${known}`, {
            name: decided?.by ?? t("somebody"),
            when: format.dateTime(decided?.at ?? card.completedAt ?? 0),
          })}
          <Why parts={[decided?.reason, decided?.comment]} />
        </Line>
      );
    }
    case "closed":
      return (
        <Line look="bg-mute-bg text-mute" icon={Lock}>
          {t(`closed.${closed?.why ?? "cancelled"}`, {
            name: closed?.by ?? t("somebody"),
            when: format.dateTime(closed?.at ?? 0),
          })}
          <Why parts={[closed?.reason]} />
        </Line>
      );
    default:
      return state satisfies never;
  }
}

const Why = ({ parts }: { parts: readonly (string | null | undefined)[] }) => {
  const text = parts.filter(Boolean).join(" – ");
  return text ? <span className="block">{`“${text}”`}</span> : null;
};

const Line = ({ look, icon: Icon, children }: { look: string; icon: typeof Info; children: React.ReactNode }) => (
  <p role="status" className={cn("flex items-start gap-2 rounded-md px-3 py-2 text-sm", look)}>
    <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
    <span className="min-w-0">{children}</span>
  </p>
);
