/** The other four of the shipped processes, from the quote to the renewal: everything that is drawn in them happens in their stories. */
import { describe, expect, it } from "vitest";
import { onSqlite } from "../../support/databases.ts";
import { onboarding, onboardingCannot } from "./onboarding.ts";
import { orderToCash, orderToCashCannot } from "./order-to-cash.ts";
import { quoteToOrder, quoteToOrderCannot } from "./quote-to-order.ts";
import { renewal, renewalCannot } from "./renewal.ts";

describe("everything drawn happens in the stories of", () => {
  const open = onSqlite();

  it.each([
    ["a quote that becomes an order", quoteToOrder, quoteToOrderCannot],
    ["an invoice", orderToCash, orderToCashCannot],
    ["an onboarding", onboarding, onboardingCannot],
    ["a renewal", renewal, renewalCannot],
  ] as const)("%s", async (_, tell, cannot) => {
    const tale = await tell(await open());
    expect((await tale.unseen()).toSorted()).toEqual(Object.keys(cannot).toSorted());
    await tale.sound();
  });
});
