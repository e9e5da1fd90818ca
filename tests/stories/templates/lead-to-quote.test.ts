/**
 * The first four of the shipped processes: their stories together show everything that is drawn in them, each node, connection,
 * answer, rework, timer, message, promise and rule. What cannot happen is named with its reason, and only that may be left.
 */
import { describe, expect, it } from "vitest";
import { onSqlite } from "../../support/databases.ts";
import { dealDesk, dealDeskCannot } from "./deal-desk.ts";
import { inboundLead, inboundLeadCannot } from "./inbound-lead.ts";
import { opportunityToClose, opportunityToCloseCannot } from "./opportunity-to-close.ts";
import { outboundSequence, outboundSequenceCannot } from "./outbound-sequence.ts";

describe("everything drawn happens in the stories of", () => {
  const open = onSqlite();

  it.each([
    ["an inquiry", inboundLead, inboundLeadCannot],
    ["a prospect", outboundSequence, outboundSequenceCannot],
    ["a deal", opportunityToClose, opportunityToCloseCannot],
    ["a quote before the deal desk", dealDesk, dealDeskCannot],
  ] as const)("%s", async (_, tell, cannot) => {
    const tale = await tell(await open());
    expect((await tale.unseen()).toSorted()).toEqual(Object.keys(cannot).toSorted());
    await tale.sound();
  });
});
