/** Browser walks against the built product, on a server of their own with an empty data folder. */
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";

const port = Number(process.env["E2E_PORT"] ?? 4700);
const data = process.env["E2E_DATA"] ?? path.join(tmpdir(), `millrace-e2e-${port}`);
const url = `http://127.0.0.1:${port}`;
/** What Chromium needs to run as root, in a container, and without calling home. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [["list"], ["json"]],
  use: {
    baseURL: url,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: flags },
  },
  projects: [
    { name: "imports", testMatch: /imports\.spec\.ts/ },
    { name: "empty", testMatch: /first-run\.spec\.ts/ },
    { name: "process", testMatch: /server\.spec\.ts/ },
  ],
  webServer: [
    {
      command: "node --enable-source-maps dist/main.js",
      url: `${url}/api/health`,
      timeout: 60_000,
      gracefulShutdown: { signal: "SIGTERM", timeout: 5000 },
      env: {
        NODE_ENV: "production",
        PORT: String(port),
        MILLRACE_DATA: path.join(data, "empty"),
        NEXT_TELEMETRY_DISABLED: "1",
      },
    },
  ],
});
