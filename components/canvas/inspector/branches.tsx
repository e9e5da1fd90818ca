"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import { portOf } from "@/server/engine/step.ts";
import { inputLook } from "../../ui/field.tsx";
import { connect, crossesBorder, moveEdge, readingOrder, removeEdge, setEdge, setOtherwise } from "../document.ts";
import { branches, chooses, exitsOf } from "../exits.ts";
import { exitName, stepName } from "../map-model.ts";
import type { EditorState } from "../use-editor.ts";
import { Mover } from "./action-list.tsx";
import { Check } from "./check.tsx";
import { ConditionField } from "./condition-field.tsx";
import { Item } from "./part.tsx";

/** Where a step goes: each branch with its condition or exit, and a list to connect to without dragging. */
export function Branches({ editor, node, connecting }: { editor: EditorState; node: ProcessNode; connecting: number }) {
  const t = useTranslations("editor");
  const { doc, run } = editor;
  const list = useRef<HTMLSelectElement>(null);
  const exits = exitsOf(doc, node);
  const [port, setPort] = useState("");
  useEffect(() => {
    if (connecting) list.current?.focus();
  }, [connecting]);
  const out = doc.edges.filter((e) => e.from === node.id);
  const isDecision = chooses(node);
  const order = readingOrder(doc);
  const why = (id: string) =>
    id === node.id
      ? t("cannot.itself")
      : doc.nodes.find((n) => n.id === id)?.kind === "start"
        ? t("cannot.start")
        : crossesBorder(doc, node.id, id)
          ? t("flow.otherFrame")
          : branches(node) && out.some((e) => e.to === id)
            ? t("cannot.twice")
            : null;
  return (
    <fieldset className="grid gap-2" aria-label={t("goesTo")}>
      {node.kind === "inclusive" && <p className="text-xs text-ink-3">{t("flow.inclusiveHelp")}</p>}
      {out.map((edge, i) => (
        <Item
          key={edge.id}
          title={
            <button
              type="button"
              className="text-left text-sm font-semibold text-accent-text hover:underline"
              onClick={() => editor.select(edge.id)}
            >
              {`→ ${stepName(doc, edge.to, t)}`}
            </button>
          }
          remove={t("removeConnection", { name: stepName(doc, edge.to, t) })}
          onRemove={() => run(t("did.disconnect"), (d) => removeEdge(d, edge.id))}
        >
          {isDecision ? (
            <>
              {!edge.otherwise && (
                <ConditionField
                  key={edge.id}
                  doc={doc}
                  label={t("whenFor", { name: stepName(doc, edge.to, t) })}
                  value={edge.when ?? ""}
                  onChange={(v) =>
                    run(t("did.condition"), (d) => setEdge(d, edge.id, { when: v || undefined }), `when:${edge.id}`)
                  }
                />
              )}
              <div className="flex items-center gap-1">
                <Check
                  label={t("otherwise")}
                  checked={edge.otherwise === true}
                  onChange={(on) =>
                    run(t("did.condition"), (d) =>
                      on ? setOtherwise(d, edge.id) : setEdge(d, edge.id, { otherwise: undefined }),
                    )
                  }
                />
                <span className="ml-auto flex">
                  <Mover
                    label={t("earlier")}
                    icon={ArrowUp}
                    disabled={i === 0}
                    onClick={() => run(t("did.order"), (d) => moveEdge(d, edge.id, -1))}
                  />
                  <Mover
                    label={t("later")}
                    icon={ArrowDown}
                    disabled={i === out.length - 1}
                    onClick={() => run(t("did.order"), (d) => moveEdge(d, edge.id, 1))}
                  />
                </span>
              </div>
            </>
          ) : (
            exits.length > 1 && (
              <select
                className={inputLook}
                aria-label={t("exitTo", { name: stepName(doc, edge.to, t) })}
                value={portOf(edge)}
                onChange={(e) =>
                  run(t("did.edit"), (d) =>
                    setEdge(d, edge.id, { port: e.target.value === "done" ? undefined : e.target.value }),
                  )
                }
              >
                {!exits.some((x) => x.port === portOf(edge)) && <option value={portOf(edge)}>{portOf(edge)}</option>}
                {exits.map((x) => (
                  <option key={x.port} value={x.port}>
                    {exitName(doc, node, x.port, t)}
                  </option>
                ))}
              </select>
            )
          )}
        </Item>
      ))}
      {exits.length > 1 && (
        <select className={inputLook} aria-label={t("exitFrom")} value={port} onChange={(e) => setPort(e.target.value)}>
          <option value="">{t("nextFreeExit")}</option>
          {exits.map((x) => (
            <option key={x.port} value={x.port}>
              {exitName(doc, node, x.port, t)}
            </option>
          ))}
        </select>
      )}
      <select
        ref={list}
        className={inputLook}
        aria-label={t("connectTo", { name: node.name || node.id })}
        value=""
        onChange={(e) => {
          const to = e.target.value;
          if (!to) return;
          run(t("did.connectTo", { name: stepName(doc, to, t) }), (d) => connect(d, node.id, to, port || null));
          setPort("");
        }}
      >
        <option value="">{t("connectTo", { name: node.name || node.id })}</option>
        {order.map((id) => {
          const reason = why(id);
          return (
            <option key={id} value={id} disabled={reason !== null}>
              {[stepName(doc, id, t), reason].filter(Boolean).join(" – ")}
            </option>
          );
        })}
      </select>
    </fieldset>
  );
}
