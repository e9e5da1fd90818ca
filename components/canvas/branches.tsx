"use client";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import { inputLook } from "../ui/field.tsx";
import { connect, setEdge } from "./document.ts";
import type { EditorState } from "./use-editor.ts";

/** Where a step goes: each branch with its condition, and a list to connect to without dragging. */
export function Branches({
  editor,
  node,
  connecting,
  onConnected,
}: {
  editor: EditorState;
  node: ProcessNode;
  connecting: boolean;
  onConnected: () => void;
}) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const list = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (connecting) list.current?.focus();
  }, [connecting]);
  const out = doc.edges.filter((e) => e.from === node.id);
  const targets = doc.nodes.filter((n) => n.kind !== "start" && n.id !== node.id && !out.some((e) => e.to === n.id));
  const name = (id: string) => doc.nodes.find((n) => n.id === id)?.name || id;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-xs font-semibold text-ink-3">{t("goesTo")}</legend>
      {out.map((edge) => (
        <div key={edge.id} className="grid gap-1 rounded-md bg-sunken p-2">
          <button
            type="button"
            className="text-left text-sm font-semibold text-accent-text hover:underline"
            onClick={() => editor.select(edge.id)}
          >
            {`→ ${name(edge.to)}`}
          </button>
          {node.kind === "decision" &&
            (edge.otherwise ? (
              <span className="text-xs text-ink-3">{t("otherwise")}</span>
            ) : (
              <input
                className={`${inputLook} font-mono text-xs`}
                aria-label={t("whenFor", { name: name(edge.to) })}
                placeholder={t("when")}
                value={edge.when ?? ""}
                spellCheck={false}
                onChange={(e) =>
                  run(
                    t("did.edit"),
                    (d) => setEdge(d, edge.id, { when: e.target.value || undefined }),
                    `when:${edge.id}`,
                  )
                }
              />
            ))}
          {edge.port && node.kind !== "decision" && node.kind !== "parallel" && (
            <span className="text-xs text-ink-3">{edge.port}</span>
          )}
        </div>
      ))}
      <select
        ref={list}
        className={inputLook}
        aria-label={t("connectTo", { name: node.name || node.id })}
        value=""
        onBlur={onConnected}
        onChange={(e) => {
          if (e.target.value) run(t("did.connect"), (d) => connect(d, node.id, e.target.value));
          onConnected();
        }}
      >
        <option value="">{t("connectTo", { name: node.name || node.id })}</option>
        {targets.map((n) => (
          <option key={n.id} value={n.id}>
            {n.name || n.id}
          </option>
        ))}
      </select>
    </fieldset>
  );
}
