/** A person at the server: signs in and calls procedures over HTTP as the pages do. */
export type Answered =
  | { ok: true; value: unknown }
  /** `lost`: no answer came, so nobody knows whether it was done. */
  | { ok: false; lost: true }
  | { ok: false; lost: false; status: number; code: string; text: string };

export const owner = {
  workspace: "Acme",
  name: "Linh",
  email: "linh@acme.test",
  password: "correct horse battery",
  zone: "Asia/Ho_Chi_Minh",
  locale: "en",
};

const post = (url: string, path: string, body: unknown, cookie = "") =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, cookie },
    body: JSON.stringify(body),
  });

async function cookieOf(asked: Promise<Response>): Promise<string> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`No sign-in: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

export const setUp = (url: string) => cookieOf(post(url, "/api/auth/set-up", owner));
export const signIn = (url: string, { email, password }: { email: string; password: string } = owner) =>
  cookieOf(post(url, "/api/auth/sign-in", { email, password }));

/** A mutation. */
export async function call(url: string, cookie: string, procedure: string, input: unknown): Promise<Answered> {
  try {
    return await read(await post(url, `/api/trpc/${procedure}`, { json: input }, cookie));
  } catch {
    return { ok: false, lost: true };
  }
}

/** A query. */
export async function ask(url: string, cookie: string, procedure: string, input?: unknown): Promise<Answered> {
  const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
  try {
    return await read(await fetch(`${url}/api/trpc/${procedure}${query}`, { headers: { cookie } }));
  } catch {
    return { ok: false, lost: true };
  }
}

type Body = {
  result?: { data?: { json?: unknown } };
  error?: { json?: { message: string; data?: { code?: string; text?: string } } };
};
async function read(answer: Response): Promise<Answered> {
  const body = (await answer.json()) as Body;
  if (answer.ok) return { ok: true, value: body.result?.data?.json };
  const { data, message } = body.error?.json ?? { data: undefined, message: "" };
  return { ok: false, lost: false, status: answer.status, code: data?.code ?? "", text: data?.text ?? message };
}

/** The value of an answer that must have come. */
export async function must<T>(asked: Promise<Answered>): Promise<T> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  return answer.value as T;
}

/** Makes a process from its document and publishes it. */
export async function publish(url: string, cookie: string, document: unknown): Promise<void> {
  const { processId } = await must<{ processId: string }>(call(url, cookie, "processes.create", { document }));
  await must(call(url, cookie, "processes.publish", { id: processId, note: "first", revision: 1 }));
}
