/** People read refusals, problems and reasons in the language of their screen; programs and the log read English. */
import { beforeAll, describe, expect, it } from "vitest";
import { createKey } from "@/server/auth/api-keys.ts";
import { contextOf } from "@/server/api/context.ts";
import { type Process, processSchema } from "@/server/engine/process.ts";
import { sayIn } from "@/server/wording/say.ts";
import { ask, startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { createCaller } from "./router.ts";

let server: TestServer;
let own: Side;
let key: Record<string, string>;
const chosen = { cookie: "theme=dark; locale=vi" };
beforeAll(async () => {
  server = await startServer();
  const { engine, store, newId, clock, uploads } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now(), "full", uploads));
  const { workspaceId, memberId } = own.people.ops;
  const { secret } = await createKey(store, newId, clock.now(), {
    workspaceId,
    memberId,
    name: "k",
    scopes: ["*"],
    days: 1,
  });
  key = { authorization: `Bearer ${secret}` };
});

const textOf = (body: string) => (JSON.parse(body) as { error: { text: string } }).error.text;
const procedureText = (body: string) =>
  (JSON.parse(body) as { error: { json: { data: { text: string }; message: string } } }).error.json;
const nobody = `/api/trpc/records.list?input=${encodeURIComponent(JSON.stringify({ json: { type: "lead" } }))}`;
const absent = `/api/trpc/records.read?input=${encodeURIComponent(JSON.stringify({ json: { id: "rec_1" } }))}`;

describe("a refusal", () => {
  it("of the front door is in the language the browser chose", async () => {
    expect(textOf((await ask(server, "GET", "/api/nothing", chosen)).body)).toBe("Không có gì ở địa chỉ này.");
    expect(textOf((await ask(server, "GET", "/api/nothing", { cookie: "locale=en" })).body)).toMatch(/^There is/);
    expect(textOf((await ask(server, "GET", "/api/nothing")).body)).toMatch(/^There is/);
  });
  it("of a procedure too", async () => {
    const said = procedureText((await ask(server, "GET", nobody, chosen)).body);
    expect(said.data.text).toBe(
      "Bạn chưa đăng nhập hoặc phiên đã hết. Những gì đã lưu vẫn còn. Hãy đăng nhập để tiếp tục.",
    );
    expect(said.message).toBe(said.data.text);
  });
  it("of an address that hands out a file too", async () => {
    expect(textOf((await ask(server, "GET", "/api/imports/failed?id=x", chosen)).body)).toMatch(/^Bạn chưa đăng nhập/);
  });
  it("is English to a program, whatever cookie it sends and whoever made its key", async () => {
    const said = procedureText((await ask(server, "GET", absent, { ...key, ...chosen })).body);
    expect(said.data.text).toBe("This record does not exist, or you may not see it.");
  });
});

describe("what procedures tell", () => {
  const asked = () =>
    createCaller({ services: server.services, person: own.people.ops, say: sayIn("vi"), signal: undefined });

  it("is in the reader's language: the problems of a drawing", async () => {
    const document = { ...empty, nodes: [{ id: "call", kind: "task", name: "Gọi lại", config: {} }] } as Process;
    expect((await asked().processes.check({ document })).map(({ text }) => text)).toContain(
      "Chưa có vai trò phụ trách. Việc sẽ không đến ai.",
    );
  });
  it("and nothing of it was stored so: without a language it is English", async () => {
    const caller = createCaller({ services: server.services, person: own.people.ops, signal: undefined });
    expect((await caller.processes.check({ document: empty })).map(({ text }) => text)).toContain(
      "Nothing starts this process. Add a start.",
    );
  });
  it("names fields by their labels", () => {
    const say = sayIn("vi");
    expect(say("Close date is still missing.")).toBe("Còn thiếu Ngày chốt.");
    expect(say("“Berlin” is not one of the values of Lead score. Did you mean “x”?")).toBe(
      "“Berlin” không phải là một giá trị của Điểm khách tiềm năng. Có phải ý bạn là “x”?",
    );
    expect(say("Quy trình A takes a opportunity, not a lead. Nothing was started.")).toBe(
      "Quy trình A nhận cơ hội, không nhận khách hàng tiềm năng. Chưa bắt đầu gì.",
    );
  });
});

describe("the language of a request", () => {
  const say = async (headers: Record<string, string>) =>
    (await contextOf(server.services, new Headers(headers))).say?.("This run does not exist.");

  it("is English for whoever never chose", async () => expect(await say({})).toBe("This run does not exist."));
  it("is the browser's", async () => expect(await say(chosen)).toBe("Lượt chạy này không tồn tại."));
  it("is English for a key", async () => expect(await say({ ...key, ...chosen })).toBe("This run does not exist."));
});

const empty = processSchema.parse({ key: "p", name: "P", recordType: "lead", nodes: [], edges: [] });
