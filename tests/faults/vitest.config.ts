/** The built server, killed and cut off. One file after the other: each wants the machine for itself. */
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
    fileParallelism: false,
    testTimeout: process.env["TEST_LONG"] ? 3_600_000 : 120_000,
    hookTimeout: 120_000,
  },
});
