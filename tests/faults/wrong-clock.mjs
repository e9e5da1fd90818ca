// Preloaded into a server by `--import`: its machine's clock is wrong by as many ms as the file of WRONG_CLOCK says, at any moment.
import { readFileSync } from "node:fs";

const Right = Date;
const rightNow = Right.now.bind(Right);
let by = 0;
let read = -Infinity;

function now() {
  const at = performance.now();
  if (at - read > 10) {
    read = at;
    try {
      by = Number(readFileSync(process.env.WRONG_CLOCK, "utf8"));
    } catch {
      by = 0;
    }
  }
  return rightNow() + by;
}

const Wrong = new Proxy(Right, {
  construct: (target, args, as) => Reflect.construct(target, args.length ? args : [now()], as),
  apply: () => new Right(now()).toString(),
  get: (target, key, on) => (key === "now" ? now : Reflect.get(target, key, on)),
});
Right.prototype.constructor = Wrong;
globalThis.Date = Wrong;
