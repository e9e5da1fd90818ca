/** The built server, killed and cut off. Two files at a time, each with servers and folders of its own: most of it is waiting. */
import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "../..");

export default defineConfig({
  root,
  resolve: { alias: { "@": root } },
  test: {
    include: ["tests/faults/**/*.test.ts"],
    globalSetup: ["tests/faults/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: process.env["TEST_LONG"] ? 3_600_000 : 120_000,
    hookTimeout: 120_000,
  },
});
