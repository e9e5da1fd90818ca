/**
 * What the walk of each shipped process does not show, with the reason. `design`: nothing can lead to it as it is drawn. `story`:
 * the stories on real databases show it. `bare`: it needs what the bare engine does not have.
 */
export const unseen: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  deal_desk_approval: {
    "sla approval_tier1 paused": "design: nobody decides while the request is incomplete, it is at the rep then",
    "sla approval_tier1 resumed": "design: it is never paused",
    "sla finance_decision_sla paused": "design: nobody decides while the request is incomplete",
    "sla finance_decision_sla resumed": "design: it is never paused",
    "sla legal_decision_sla paused": "design: nobody decides while the request is incomplete",
    "sla legal_decision_sla resumed": "design: it is never paused",
    "sla executive_decision_sla paused": "design: nobody decides while the request is incomplete",
    "sla executive_decision_sla resumed": "design: it is never paused",
    "edge gw_decision_to_desk_review": "design: every decision that is asked for is required, so none stays open",
    "rule finance_gate 2": "design: these terms are at the level of director and finance, which the first rule takes",
    "rule finance_gate 3": "design: this term is at the level of director and finance, which the first rule takes",
  },
};
