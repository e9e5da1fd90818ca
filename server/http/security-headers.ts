/** What every answer tells the browser not to do. */
import type { IncomingMessage, ServerResponse } from "node:http";

export function setSecurityHeaders(response: ServerResponse, secure: boolean): void {
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  if (secure) response.setHeader("strict-transport-security", "max-age=31536000; includeSubDomains");
}

/**
 * A page's content policy: scripts run only with this page's nonce. Next reads the nonce from the *request's* policy
 * header and puts it on its own scripts; our own inline script reads it from `x-nonce`.
 *
 * Styles stay open to inline ones: the canvas and the charts place things by style attributes in server-made HTML, and an
 * attribute can carry no nonce. A style can fetch nothing here: images, fonts and connections are our own origin only.
 */
export function setContentPolicy(
  request: IncomingMessage,
  response: ServerResponse,
  nonce: string,
  dev: boolean,
): void {
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${dev ? " ws:" : ""}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  response.setHeader("content-security-policy", policy);
}

/** Headers by which an outsider could steer Next: ours to set, or nobody's. */
export function dropSteeringHeaders(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (
      /^(x-nonce|content-security-policy(-report-only)?|x-middleware-.*|x-forwarded-.*|x-invoke-.*|x-matched-path|x-now-.*|x-nextjs-.*)$/.test(
        name,
      )
    )
      delete request.headers[name];
  }
}
