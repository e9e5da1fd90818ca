/** A deal: one task with an SLA, a decision, two ends. */
export const dealProcess = {
  key: "deal",
  name: "Deal",
  recordType: "opportunity",
  valueAtRisk: "opportunity.amount",
  roles: { ae: { name: "Account executive" }, manager: { name: "Manager" } },
  calendars: {
    office: {
      zone: "Asia/Ho_Chi_Minh",
      week: Object.fromEntries(
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((d) => [
          d,
          d === "sat" || d === "sun" ? [] : [{ from: "09:00", to: "17:00" }],
        ]),
      ),
      holidays: "none",
    },
  },
  variables: { result: { type: "picklist", values: ["none", "go", "stop"], default: "none" } },
  forms: {
    qualify: {
      title: "Qualify",
      fields: [{ field: "run.result", required: true }, { field: "opportunity.next_step" }],
    },
  },
  slas: {
    first: {
      name: "First touch",
      target: "PT4H",
      calendar: "office",
      warnAt: [50],
      onWarn: [{ verb: "notify", to: "assignee" }],
      onBreach: [{ verb: "notify", to: "manager" }],
    },
  },
  nodes: [
    { id: "start", kind: "start", name: "Deal opened", config: { trigger: "record_created" } },
    { id: "qualify", kind: "task", name: "Qualify", role: "ae", form: "qualify", slas: ["first"] },
    { id: "choose", kind: "decision", name: "Go?" },
    {
      id: "win",
      kind: "automation",
      name: "Go on",
      actions: [{ verb: "set", field: "opportunity.stage", value: '"proposal"' }],
    },
    { id: "won", kind: "end", name: "Won", config: { outcome: "success" } },
    { id: "lost", kind: "end", name: "Lost", config: { outcome: "negative" } },
  ],
  edges: [
    { id: "e1", from: "start", to: "qualify" },
    { id: "e2", from: "qualify", to: "choose" },
    { id: "e3", from: "choose", to: "win", when: 'run.result = "go"', label: "Go" },
    { id: "e4", from: "choose", to: "lost", otherwise: true },
    { id: "e5", from: "win", to: "won" },
  ],
};
