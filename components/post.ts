/** Posts JSON to one of our own addresses. `text` is the server's sentence; empty when it could not be reached. */
export async function postJson(path: string, body: unknown): Promise<{ ok: true } | { ok: false; text: string }> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) return { ok: true };
    const said = (await response.json()) as { text?: string; error?: { text?: string } };
    return { ok: false, text: said.text ?? said.error?.text ?? "" };
  } catch {
    return { ok: false, text: "" };
  }
}
