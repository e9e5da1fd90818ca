import { expect, it } from "vitest";
import { readAddress } from "@/server/http/hosts.ts";
import { countedIds, newSecret } from "@/server/runtime/ids.ts";
import { openLog } from "@/server/runtime/log.ts";
import { cheapPasswords } from "@/tests/support/cheap-passwords.ts";
import { describeOnBoth } from "@/tests/support/databases.ts";
import { openSessions } from "./sessions.ts";
import { setUp, type SetUp } from "./set-up.ts";

const linh: SetUp = {
  workspace: "Acme",
  name: "Linh",
  email: "linh@acme.test",
  password: "correct horse battery",
  zone: "Asia/Ho_Chi_Minh",
  locale: "en",
  currency: "USD",
  country: "VN",
};

describeOnBoth("a set-up that was cut off between its writes", (open) => {
  it("holds the place for a minute, then the same person can do it again", async () => {
    const store = await open();
    const newId = countedIds();
    const read = readAddress({});
    if (!read.ok) throw new Error(read.text);
    const sessions = openSessions({
      store,
      newId,
      secret: newSecret(),
      address: read.address,
      log: openLog("silent"),
      passwordCost: cheapPasswords,
    });
    const claimed = { workspaceId: "ws_lost", slot: "first", at: 1_000 };
    await store.commit([
      { workspaceId: "ws_lost", guards: [], events: [], put: { installation: [claimed] }, drop: {} },
    ]);
    await sessions.addUser({ email: linh.email, name: linh.name, password: "some other password" });

    expect(await setUp({ store, sessions, newId, now: 60_999 }, linh)).toMatchObject({
      ok: false,
      code: "UNAVAILABLE",
      text: expect.stringMatching(/Try again in a minute/),
    });
    expect(await setUp({ store, sessions, newId, now: 61_000 }, linh)).toMatchObject({ ok: true });
    expect(await sessions.signIn(linh.email, linh.password, new Headers())).not.toBeNull();
    expect(await sessions.signIn(linh.email, "some other password", new Headers())).toBeNull();
    expect(await setUp({ store, sessions, newId, now: 200_000 }, linh)).toMatchObject({ code: "NOT_ALLOWED" });
  });
});
