/** Which folder may use which, and what no file may say. Each rule has the sentence that its breaker reads. */

/**
 * `from`: files under these folders. `may`: what they may import as values. Types may come from anywhere unless `types` says
 * otherwise. The first row that fits a file is its rule.
 */
export const arrows = [
  {
    from: ["server/engine/testing.ts", "server/engine/testing"],
    may: ["server/engine", "server/steps"],
    why: "the engine's test language plays graphs with the step kinds, nothing else.",
  },
  {
    from: ["server/engine/calendar", "server/engine/expression"],
    may: ["server/engine/calendar", "server/engine/expression"],
    types: ["server/engine"],
    why: "time and the language stand below everything else: they know no process, no run and no clock.",
  },
  {
    from: ["server/engine/tables"],
    may: ["server/engine/tables", "server/engine/expression"],
    types: ["server/engine"],
    why: "a decision table knows the language, not who asks it.",
  },
  {
    from: ["server/engine"],
    may: ["server/engine"],
    types: ["server/engine", "db"],
    why: "the engine is arithmetic: it knows nothing outside itself, so that it runs in the browser, in replay and in simulation alike.",
  },
  {
    from: ["server/steps"],
    may: ["server/steps", "server/engine", "components/ui"],
    why: "a step kind knows the engine; only its panel may draw, with components/ui.",
  },
  {
    from: ["server/runtime/services.ts"],
    may: [],
    why: "pages import this file: whatever it imports as a value lands in every page's bundle.",
  },
  {
    from: ["server/runtime", "server/main.ts"],
    may: ["server", "db", "components/charts", "components/ui/format"],
    why: "the runtime opens everything, but screens come to it and not the other way round.",
  },
  {
    from: ["server/effects", "server/reports"],
    may: ["server", "db", "components/charts", "components/ui/format"],
    why: "mail and PDF draw with components/charts and components/ui/format only.",
  },
  { from: ["server"], may: ["server", "db", "messages"], why: "the server never imports a screen." },
  { from: ["db/demo"], may: ["db", "server"], why: "the demo is made by running the real engine." },
  {
    from: ["db"],
    may: ["db", "server/engine"],
    types: ["db", "server/engine"],
    why: "the database knows rows and the engine's types, not who asks for them.",
  },
  {
    from: ["components/ui"],
    may: ["components/ui"],
    types: ["components/ui"],
    why: "components/ui knows no domain: pass it what it shows.",
  },
  {
    from: ["components"],
    may: [
      "components",
      "server/engine",
      "server/steps",
      "server/records",
      "server/wording/translator.ts",
      "i18n",
      "messages",
    ],
    why: "a screen runs in the browser: it may compute with the pure folders (engine, steps, records) and word what comes of it, and asks /api for everything else.",
  },
  {
    from: ["app"],
    may: [
      "app",
      "components",
      "server/runtime/services.ts",
      "server/engine",
      "server/steps",
      "server/records",
      "i18n",
      "messages",
    ],
    why: "a page reads services() and hands over to components; it never opens the database or a command itself.",
  },
  {
    from: ["i18n"],
    may: ["i18n", "messages", "server/runtime/services.ts"],
    why: "the wording knows the messages and who is reading.",
  },
  {
    from: ["tests", "bench"],
    may: ["tests", "bench", "scripts", "server", "db", "components", "messages", "app"],
    why: "tests may use everything.",
  },
];

/** Pure folders may use these packages and no machine. */
export const pure = {
  folders: [
    "server/engine",
    "server/steps",
    "server/records",
    "server/wording",
    "server/kpis",
    "server/forecast",
    "server/simulation",
    "server/mining",
  ],
  packages: ["zod", "temporal-polyfill", "react", "lucide-react", "use-intl"],
  why: "this folder is pure: no Node modules, no database, no network. Hand in what it needs.",
};

/** What no line may contain. `except`: where it is right. */
export const bans = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\b|\bTemporal\.Now\b/,
    except: ["server/runtime", "scripts", "tests/e2e", "tests/faults", "bench", "components", "app"],
    why: "time and chance come in as inputs; only server/runtime asks the machine.",
  },
  {
    pattern: /\bMath\.random\(|\brandomUUID\b/,
    except: ["server/runtime", "scripts", "tests/e2e", "tests/faults", "bench"],
    why: "chance comes in as an input; only server/runtime asks the machine.",
  },
  {
    pattern: /^\s*["']use server["']/,
    except: [],
    why: "there are no server actions: writes go through /api, where origin, rights and size are checked.",
  },
  { pattern: /dangerouslySetInnerHTML/, except: ["app/layout.tsx"], why: "people's text is shown as text." },
  { pattern: /\bnew Function\b|\beval\(/, except: ["scripts"], why: "nothing that a person writes runs as code." },
  {
    pattern: /\bsql\.raw\(|\bsql\.unsafe\(/,
    except: ["db", "tests", "bench"],
    why: "SQL goes through typed builders.",
  },
  { pattern: /@ts-(ignore|nocheck|expect-error)/, except: [], why: "types are mended, not silenced." },
  { pattern: /\b(TODO|FIXME)\b/, except: ["scripts/boundaries.mjs"], why: "what cannot work yet is not there." },
  { pattern: /\b(it|test|describe)\.(only|skip|todo)\(/, except: ["scripts/boundaries.mjs"], why: "every test runs." },
];

/** Longest file, in lines. The house rule is 400; the engine still has eight files above it. */
export const longest = 600;
