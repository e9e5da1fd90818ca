/** The processes that every simulated world has; each seed adds one of random blocks. */

const roles = { ae: { name: "Account executive" }, boss: { name: "Manager" } };

/** Nodes one after the other, from a start with this config to an end. */
const line = (key: string, start: object, nodes: readonly object[], more: object = {}): object => {
  const all = [
    { id: "start", kind: "start", name: "Start", config: start },
    ...nodes,
    { id: "done", kind: "end", name: "Done" },
  ] as { id: string }[];
  return {
    key,
    name: key,
    recordType: "account",
    runPolicy: "many",
    roles,
    nodes: all,
    edges: all.slice(1).map(({ id }, i) => ({ id: `e${i}`, from: all[i]!.id, to: id })),
    ...more,
  };
};
const task = (id: string, more: object = {}) => ({ id, kind: "task", name: id, role: "ae", ...more });
const wait = (id: string, duration: string) => ({ id, kind: "wait", name: id, config: { for: "duration", duration } });
const act = (id: string, ...actions: object[]) => ({ id, kind: "automation", name: id, actions });
const byHand = { trigger: "manual" };

export const drawings: readonly object[] = [
  line(
    "deal",
    byHand,
    [
      task("call", { slas: ["reply"] }),
      wait("pause", "PT30M"),
      act("book", { verb: "connector", connector: "books", operation: "post" }),
      act(
        "thank",
        { verb: "send_template", template: "thanks", to: "ae" },
        { verb: "set", field: "account.billing_region", value: '"US-CA"' },
        { verb: "emit", event: "account.served" },
      ),
      task("check"),
    ],
    { slas: { reply: { name: "Reply", target: "PT1H", warnAt: [50], onBreach: [{ verb: "reassign" }] } } },
  ),
  line("greet", { trigger: "record_created" }, [
    act("note", { verb: "set", field: "account.billing_city", value: '"Hanoi"' }),
    wait("later", "PT2H"),
    act("thank", { verb: "send_template", template: "welcome", to: "ae" }),
  ]),
  line(
    "hear",
    byHand,
    [
      {
        id: "served",
        kind: "wait",
        name: "Served",
        config: {
          for: "first",
          branches: [
            { id: "news", for: "event", event: "account.served" },
            { id: "late", for: "duration", duration: "PT9H" },
          ],
        },
      },
    ],
    {
      edges: [
        { id: "e0", from: "start", to: "served" },
        { id: "e1", from: "served", port: "news", to: "done" },
        { id: "e2", from: "served", port: "late", to: "done" },
      ],
    },
  ),
  line("parent", byHand, [
    { id: "inner", kind: "subprocess", name: "Inner", config: { process: "child" } },
    task("after"),
  ]),
  line("child", byHand, [
    wait("nap", "PT10M"),
    act("fetch", { verb: "connector", connector: "books", operation: "fetch" }),
    task("look"),
  ]),
  line("other", byHand, [wait("nap", "PT5M"), task("help")], { recordType: "lead" }),
  line("morning", { trigger: "schedule", at: "06:00", when: 'account.billing_city = "Hue"' }, [task("visit")]),
];
