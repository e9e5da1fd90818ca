import { Handle, Position } from "@xyflow/react";
import { useTranslations } from "use-intl";
import { Play } from "lucide-react";
import { cn } from "../ui/cn.ts";
import type { Exit } from "./exits.ts";
import { EdgeMark } from "./signs.tsx";
import type { CardData } from "./step-card.tsx";

const handle = "!size-2.5 !border-2 !border-surface !bg-line-strong";

/** Where connections come in and go out: left and right, at the marks below, and above for what leads back. */
export function StepPorts({ data, at }: { data: CardData; at?: number }) {
  const t = useTranslations("editor");
  const { kind } = data;
  const plain = data.exits.filter((e) => !e.mark);
  const marked = data.exits.filter((e) => e.mark);
  const spread = (list: Exit[], i: number) => `${((i + 1) * 100) / (list.length + 1)}%`;
  const high = at === undefined ? {} : { top: at };
  return (
    <>
      {kind !== "start" && <Handle type="target" id="in" position={Position.Left} className={handle} style={high} />}
      {kind !== "start" && (
        <Handle
          type="target"
          id="above"
          position={Position.Top}
          className="!opacity-0"
          isConnectable={false}
          style={{ left: "40%" }}
        />
      )}
      {data.entry && (
        <span
          title={t("flow.entry")}
          className="absolute top-1/2 -left-7 grid size-5 -translate-y-1/2 place-items-center rounded-full border border-line-strong bg-surface text-ink-2"
        >
          <Play aria-hidden className="size-2.5 fill-current" />
        </span>
      )}
      {plain.map((exit, i) => (
        <Handle
          key={exit.port}
          type="source"
          id={exit.port}
          position={Position.Right}
          title={plain.length > 1 ? exit.port : undefined}
          className={handle}
          style={at === undefined ? { top: spread(plain, i) } : high}
        />
      ))}
      {marked.map((exit, i) => (
        <span
          key={exit.port}
          title={exit.port}
          className="absolute bottom-0 -translate-x-1/2 translate-y-1/2"
          style={{ left: spread(marked, i) }}
        >
          <EdgeMark mark={exit.mark!} soft={exit.soft} />
        </span>
      ))}
      {marked.map((exit, i) => (
        <Handle
          key={exit.port}
          type="source"
          id={exit.port}
          position={Position.Bottom}
          title={exit.port}
          className={cn(handle, "!size-6 !border-0 !bg-transparent")}
          style={{ left: spread(marked, i), bottom: -12, transform: "translateX(-50%)" }}
        />
      ))}
      <Handle
        type="source"
        id="back"
        position={Position.Top}
        className="!opacity-0"
        isConnectable={false}
        style={{ left: "60%" }}
      />
    </>
  );
}
