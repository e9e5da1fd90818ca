/** Opens everything the server needs, in order, and closes it in reverse. */
import { existsSync } from "node:fs";
import { refuseBrokenHead } from "@/db/chain-head.ts";
import { lastWritten } from "@/db/queries/last-written.ts";
import { openPostgres } from "@/db/postgres/store.ts";
import { type DemoSignIn, demoSignIns, fillDemo, makeDemoFile } from "@/db/demo/open-demo.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { troubleIn } from "@/db/trouble.ts";
import { takeUpImports } from "@/server/commands/start-import.ts";
import { forgetOld } from "@/server/commands/forget-old.ts";
import { orderRecounts } from "@/server/commands/recount.ts";
import { orderUpkeep } from "@/server/commands/upkeep.ts";
import { contextOf } from "@/server/api/context.ts";
import { sender } from "@/server/effects/send.ts";
import { type MailServer, openMail } from "@/server/effects/mail.ts";
import { type InnerNetwork, noInnerNetwork } from "@/server/effects/inner-network.ts";
import type { Calls } from "@/server/effects/make-call.ts";
import { type Caller, createCaller } from "@/server/api/router.ts";
import type { Action } from "@/server/api/authorisation.ts";
import { actorOf, type Person } from "@/server/auth/person.ts";
import type { PasswordCost } from "@/server/auth/password.ts";
import { openSessions, type Sessions } from "@/server/auth/sessions.ts";
import { isEmpty } from "@/server/auth/set-up.ts";
import type { Address } from "@/server/http/hosts.ts";
import { type Clock, machineClock, workspaceClocks } from "./clock.ts";
import { followClocks, heldInPractice } from "./practice-clock.ts";
import { databaseFile } from "./data-folder.ts";
import { idMaker, type NewId } from "./ids.ts";
import type { Log } from "./log.ts";
import { type Background, openBackground } from "./background.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import { readApart } from "@/server/interop/read-apart.ts";
import { type Engine, startEngine } from "./engine.ts";
import { openVault } from "./vault.ts";
import { expectedTime, keepAnchor, thisUptime } from "./clock-anchor.ts";
import { type ClockState, type EngineClock, engineClock, thisMachine } from "./engine-clock.ts";
import { openUploads, type Uploads } from "./uploads.ts";

export type BootOptions = {
  /** The one folder all data lives in. */
  folder: string;
  /** PostgreSQL instead of the file in `folder`. */
  databaseUrl?: string | undefined;
  demo: boolean;
  version: string;
  address: Address;
  /** Bytes of free disk below which writes are refused; null for the usual reserve. */
  reserve?: number | null;
  /** smtp://… and who mail comes from. */
  mail?: { url: string | undefined; from: string | undefined };
  /** Whether connections may call the machine itself, also without https: for tests and a gateway of one's own. */
  callLoopback?: boolean;
  /** Less than passwords cost in earnest: for tests only. */
  passwordCost?: PasswordCost;
  /** Which of the installation's own networks connections may call; none without. */
  callInside?: InnerNetwork;
  log: Log;
  /** Tells the person at the terminal what is being done. */
  say(line: string): void;
};

export type Services = {
  version: string;
  address: Address;
  demo: boolean;
  store: Store;
  /** Commands go through `engine.loop`; it is also what the verbs of server/commands call their `Deps`. */
  readonly engine: Engine;
  sessions: Sessions;
  uploads: Uploads;
  background: Background;
  /** The time of whoever asks: in a procedure that of the person's workspace (`engine.clocks`), else the server's. */
  clock: Clock;
  /** The server's, and whether the machine's can be believed. */
  serverClock: EngineClock;
  newId: NewId;
  secrets: Secrets;
  /** Null when no mail server is set. */
  mail: MailServer | null;
  /** The vault of connections, and what calls may reach. */
  calls: Calls;
  log: Log;
  /** Who a page's request comes from; null when nobody is signed in. */
  person(headers: Headers): Promise<Person | null>;
  /** The procedures, called as the person whose headers these are. */
  caller(headers: Headers): Promise<Caller>;
  /** True while nobody has set the server up. */
  isEmpty(): Promise<boolean>;
  /** Writes a refused right into the audit; never rejects. */
  noteRefusal(person: Person, action: Action): Promise<void>;
  /** The demo's sign-ins, which anybody may use; empty outside the demo. */
  demoPeople: readonly DemoSignIn[];
  /** Lines for the terminal: who can sign in, or what to do first. */
  signIns(): Promise<string[]>;
  /** Begins background work; called once requests are answered. */
  start(): void;
  close(): Promise<void>;
};

/** How often it is written down what time it is: a machine's clock and its uptime hardly part within that. */
const anchorMs = 3_600_000;
/** How often what is old is looked for. */
const cleanMs = 6 * 3_600_000;
/** How often imports are looked for that nobody works at. */
const importsMs = 10_000;

export async function boot(options: BootOptions): Promise<Services> {
  const { folder, databaseUrl, demo, version, address, log } = options;
  const file = databaseFile(folder, demo);
  if (!databaseUrl && !existsSync(file)) options.say(`Making the database in ${folder} …`);
  const secrets = openSecrets(folder);
  const newId = idMaker(machineClock.now);
  const sessionsOn = (on: Store) =>
    openSessions({
      store: on,
      newId,
      secret: secrets.session,
      address,
      log,
      ...(options.passwordCost && { passwordCost: options.passwordCost }),
    });
  if (demo && !databaseUrl && !existsSync(file))
    await makeDemoFile({ file, sessionsOn, now: machineClock.now(), say: options.say });
  const store = databaseUrl
    ? await openPostgres({ url: databaseUrl })
    : openSqlite({ file, reserve: options.reserve ?? null });
  await refuseBrokenHead(store);
  const sessions = sessionsOn(store);
  const expected = expectedTime(folder, thisUptime());
  const onClock = (state: ClockState) => {
    noteClock(state, log);
    // What an admin has confirmed holds after a restart as well.
    if (state.kind === "right") setImmediate(anchor);
  };
  const clock = engineClock(thisMachine(), await lastWritten(store), onClock, expected);
  const anchor = () => keepAnchor(folder, thisUptime(), clock.now());
  anchor();
  const anchoring = setInterval(anchor, anchorMs).unref();

  const mail = openMail(options.mail?.url, options.mail?.from);
  const calls = {
    vault: openVault(secrets.vault),
    guard: { loopback: options.callLoopback ?? false, inside: options.callInside ?? noInnerNetwork },
  };
  const clocks = workspaceClocks(clock);
  await followClocks(store, clocks);
  const engine = startEngine({
    store,
    clock: clocks,
    newId,
    send: heldInPractice(store, clocks, sender({ store, mail, baseUrl: address.baseUrl, calls })),
    files: readApart(),
    onError: (error) => onEngineError(error, log),
  });

  if (demo) await fillDemo(store, sessions, clock.now(), options.say);
  const demoPeople = demo ? demoSignIns() : [];

  let stopCleaning = (): void => {};
  let stopLooking = (): void => {};
  const services: Services = {
    version,
    address,
    demo,
    store,
    engine,
    sessions,
    uploads: openUploads(folder, newId),
    background: openBackground((error) => onEngineError(error, log)),
    clock,
    serverClock: clock,
    newId,
    secrets,
    mail,
    calls,
    log,
    person: async (headers) => (await contextOf(services, headers).catch(asTrouble)).person,
    caller: async (headers) => createCaller(await contextOf(services, headers).catch(asTrouble)),
    isEmpty: () => isEmpty(store),
    noteRefusal: (person, action) => noteRefusal(services, person, action),
    demoPeople,
    signIns: async () =>
      demoPeople.length
        ? demoPeople.map((p) => `${p.title}: ${p.email}, password ${p.password}`)
        : (await isEmpty(store))
          ? ["Open it and set up your workspace: the first person becomes its owner."]
          : [],
    start() {
      engine.worker.start();
      services.background.run("upkeep", () => orderUpkeep(store, (id) => clocks.of(id).now()));
      services.background.run("recount", () => orderRecounts(store, (id) => clocks.of(id).now()));
      stopCleaning = cleanUp(services);
      stopLooking = lookForImports(services);
    },
    async close() {
      clearInterval(anchoring);
      stopCleaning();
      stopLooking();
      services.background.leave();
      anchor();
      await engine.worker.stop();
      await services.background.idle();
      await engine.loop.idle();
      await store.close();
    },
  };
  return services;
}

/** What was kept long enough is forgotten, now and then and a little at a time; nobody would miss a day. Gives what ends it. */
function cleanUp({ store, engine, background }: Services): () => void {
  let over = false;
  const breathe = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(!over), 50));
  const clean = async () => {
    if (!store.isNearlyFull()) await forgetOld({ store, nowIn: (id) => engine.clocks.of(id).now(), breathe });
  };
  const timer = setInterval(() => background.has("clean") || background.run("clean", clean), cleanMs).unref();
  return () => {
    over = true;
    clearInterval(timer);
  };
}

/** Imports that a server left behind are taken up: at the start, and when another server that had the same folder is gone. */
function lookForImports(services: Services): () => void {
  const { engine, background } = services;
  const look = () => takeUpImports({ ...services, deps: engine, clocks: engine.clocks });
  const begin = () => background.has("imports") || background.run("imports", look);
  begin();
  const timer = setInterval(begin, importsMs).unref();
  return () => clearInterval(timer);
}

async function noteRefusal({ store, newId, clock, log }: Services, person: Person, action: Action): Promise<void> {
  const row = {
    workspaceId: person.workspaceId,
    id: newId("aud"),
    at: clock.now(),
    actor: actorOf(person),
    action,
    subject: null,
    ok: false,
    detail: null,
  };
  await store
    .commit([{ workspaceId: person.workspaceId, guards: [], events: [], put: { audit: [row] }, drop: {} }])
    .catch((error: unknown) => log.error("a refusal could not be noted", { error }));
}

/** Whoever looks at the log learns why timers wait; Health says the same. */
function noteClock(clock: ClockState, log: Log): void {
  if (clock.kind === "right") log.warn("the machine's clock is right again");
  else log.error("the machine's clock has leapt, and the engine does not follow", { kind: clock.kind, ms: clock.byMs });
}

/** After a failed sync nobody knows what is on the disk: the process ends, and recovers from it at the next start. */
function onEngineError(error: unknown, log: Log): void {
  log.error("background work failed", { error });
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_IOERR")) process.exit(1);
}

/** What is behind an error, so that the page that it ends can say so. */
function asTrouble(error: unknown): never {
  throw troubleIn(error) ?? error;
}
