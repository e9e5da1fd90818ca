/** Browser walks against the built product, on two servers of their own: one with an empty data folder, one with the demo. */
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";

const port = Number(process.env["E2E_PORT"] ?? 4700);
const data = process.env["E2E_DATA"] ?? path.join(tmpdir(), `millrace-e2e-${port}`);
const url = `http://127.0.0.1:${port}`;
const demoPort = Number(process.env["E2E_DEMO_PORT"] ?? 4710);
const demoUrl = `http://127.0.0.1:${demoPort}`;
const server = (at: number, folder: string, demo: boolean) => ({
  command: `node --enable-source-maps dist/main.js${demo ? " --demo" : ""}`,
  url: `http://127.0.0.1:${at}/api/health`,
  // The demo runs a year through the engine first.
  timeout: demo ? 240_000 : 60_000,
  gracefulShutdown: { signal: "SIGTERM" as const, timeout: 5000 },
  env: {
    NODE_ENV: "production",
    PORT: String(at),
    MILLRACE_DATA: path.join(data, folder),
    NEXT_TELEMETRY_DISABLED: "1",
  },
});
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
  // One page is drawn while another is looked at.
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [["list"], ["json"]],
  use: {
    baseURL: url,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: flags },
  },
  projects: [
    { name: "loop", testMatch: /loop\.spec\.ts/ },
    { name: "flow", testMatch: /(flow|migrate|decide|mend)\.spec\.ts/ },
    { name: "imports", testMatch: /imports\.spec\.ts/ },
    { name: "empty", testMatch: /first-run\.spec\.ts/ },
    { name: "process", testMatch: /(server|signed-out)\.spec\.ts/ },
    { name: "demo", testMatch: /demo\.spec\.ts/, use: { baseURL: demoUrl } },
    {
      name: "axe-demo",
      testMatch: /(axe|dialogs|filled)\.spec\.ts/,
      use: { baseURL: demoUrl },
      dependencies: ["demo"],
    },
    { name: "settings", testMatch: /(settings|weight|play|operate|reports)\.spec\.ts/, use: { baseURL: demoUrl } },
    // The set-up walk makes the owner that this one signs in as.
    { name: "axe-empty", testMatch: /(axe|dialogs)\.spec\.ts/, dependencies: ["empty"] },
  ],
  webServer: [server(port, "empty", false), server(demoPort, "demo", true)],
});
