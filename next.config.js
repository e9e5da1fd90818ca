/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  agentRules: false,
  // The front door answers /api and compresses nothing; pages are compressed by Next.
  compress: true,
  // A lock file in a parent folder would make Next guess a wrong root.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: {
    root: import.meta.dirname,
    // Pages are handed wordings that app/wordings.ts has taken apart; what parses them would be loaded for nothing.
    resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" },
  },
  serverExternalPackages: ["better-sqlite3", "postgres", "pino"],
  images: { unoptimized: true },
  // Types are a check of `npm test`; whoever only runs the product need not wait for them.
  typescript: { ignoreBuildErrors: true },
};

export default config;
