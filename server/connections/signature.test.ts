import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSigned, signed } from "./signature.ts";

// The example of the Standard Webhooks specification (libraries' own test vector).
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const vector = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  at: 1_614_265_330_000,
  body: '{"test": 2432232314}',
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const given = (more: Partial<{ id: string; timestamp: string; signature: string; body: Buffer }> = {}) => ({
  id: vector.id,
  timestamp: String(vector.at / 1000),
  signature: vector.signature,
  body: Buffer.from(vector.body),
  ...more,
});

describe("a signed message", () => {
  it("has the signature of the specification's vector", () => {
    expect(signed(secret, vector)["webhook-signature"]).toBe(vector.signature);
    expect(isSigned(secret, given(), vector.at)).toBe(true);
  });
  it("counts when any signature of the list fits", () => {
    expect(isSigned(secret, given({ signature: `v1,AAAA v2,x ${vector.signature}` }), vector.at)).toBe(true);
  });
  it("may be five minutes early or late and no more", () => {
    for (const by of [-300_000, 300_000]) expect(isSigned(secret, given(), vector.at + by)).toBe(true);
    for (const by of [-301_000, 301_000]) expect(isSigned(secret, given(), vector.at + by)).toBe(false);
  });
  it("does not count with another id, time, body, secret or form of the signature", () => {
    const raw = createHmac("sha256", "x").update("y").digest("base64");
    const wrong = [
      { id: "msg_other" },
      { timestamp: String(vector.at / 1000 + 1) },
      { timestamp: "1e9" },
      { timestamp: "" },
      { body: Buffer.from('{"test":2432232314}') },
      { signature: vector.signature.slice(3) },
      { signature: `v1,${raw}` },
      { signature: "" },
      { signature: "v1," },
    ];
    for (const more of wrong) expect(isSigned(secret, given(more), vector.at), JSON.stringify(more)).toBe(false);
    expect(isSigned("whsec_AAAA", given(), vector.at)).toBe(false);
  });
  it("is told from any other bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.string(), (bytes, id, signature) => {
        expect(isSigned(secret, given({ body: Buffer.from(bytes), id, signature }), vector.at)).toBe(false);
      }),
    );
  });
});
