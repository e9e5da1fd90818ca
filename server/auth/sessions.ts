/** Signing in and out with e-mail and password, through better-auth on our own store. */
import { betterAuth } from "better-auth/minimal";
import type { Store } from "@/db/store.ts";
import type { Address } from "@/server/http/hosts.ts";
import { type NewId, newSecret } from "@/server/runtime/ids.ts";
import type { Log } from "@/server/runtime/log.ts";
import { authStore, orTrouble } from "./auth-store.ts";
import { hashPassword, type PasswordCost, passwordRule, verifyPassword } from "./password.ts";

const hour = 60 * 60;

export type SessionOptions = {
  store: Store;
  newId: NewId;
  secret: string;
  address: Address;
  log: Log;
  passwordCost?: PasswordCost;
};
export type Sessions = ReturnType<typeof openSessions>;
/** `cookies` are `Set-Cookie` values to hand to the browser. */
export type SignedIn = { userId: string; cookies: string[] };

export function openSessions({ store, newId, secret, address, log, passwordCost }: SessionOptions) {
  const hash = (password: string) => hashPassword(password, passwordCost);
  const auth = betterAuth({
    appName: "Millrace",
    baseURL: address.baseUrl,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [...address.origins],
    database: authStore(store, newId),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordRule.min,
      maxPasswordLength: passwordRule.max,
      password: { hash, verify: verifyPassword },
    },
    session: { expiresIn: 12 * hour, updateAge: hour / 4 },
    // 256 bits of our own; better-auth's have 190.
    databaseHooks: {
      session: { create: { before: async (session) => ({ data: { ...session, token: newSecret() } }) } },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { log: (level, message) => (level === "error" ? log.error("sign-in", { text: message }) : undefined) },
    advanced: {
      // The name carries the prefix itself: better-auth knows only `__Secure-`.
      useSecureCookies: false,
      cookies: { session_token: { name: address.secure ? "__Host-millrace" : "millrace" } },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/", secure: address.secure },
    },
  });

  return {
    /** Null when the pair is wrong, whoever the account belongs to. Takes the same time for an unknown one. */
    async signIn(email: string, password: string, headers: Headers): Promise<SignedIn | null> {
      try {
        const { headers: answer, response } = await orTrouble(() =>
          auth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true }),
        );
        return { userId: response.user.id, cookies: answer.getSetCookie() };
      } catch (error) {
        if (isUnauthorised(error)) return null;
        throw error;
      }
    },
    /** Ends the session on the server; answers the cookies that clear it in the browser. */
    async signOut(headers: Headers): Promise<string[]> {
      const { headers: answer } = await orTrouble(() => auth.api.signOut({ headers, returnHeaders: true }));
      return answer.getSetCookie();
    },
    /**
     * Whose session the cookies name. `refresh` moves its end 12 h on (at most once in 15 minutes) and answers the renewed
     * cookie; pages cannot set cookies, so they do not ask for it.
     */
    async who(headers: Headers, refresh = false): Promise<SignedIn | null> {
      if (!headers.get("cookie")?.includes("millrace")) return null;
      const ask = (disableRefresh: boolean) =>
        orTrouble(() => auth.api.getSession({ headers, query: { disableRefresh }, returnHeaders: true }));
      // A renewal that cannot be written (a full disk) is none: the session is good until its end.
      const { headers: answer, response } = refresh ? await ask(false).catch(() => ask(true)) : await ask(true);
      return response ? { userId: response.user.id, cookies: answer.getSetCookie() } : null;
    },
    /** A new sign-in without a session; null when the e-mail already has one. The password was checked by the caller. */
    async addUser({
      email,
      name,
      password,
    }: {
      email: string;
      name: string;
      password: string;
    }): Promise<string | null> {
      const { internalAdapter } = await auth.$context;
      if (await internalAdapter.findUserByEmail(email.toLowerCase())) return null;
      const hashed = await hash(password);
      const user = await internalAdapter.createUser(
        { email: email.toLowerCase(), name, emailVerified: true },
        { method: "email-password" },
      );
      await internalAdapter.linkAccount({
        userId: user.id,
        accountId: user.id,
        providerId: "credential",
        password: hashed,
      });
      return user.id;
    },
    /** Takes back a sign-in that was just made. */
    async removeUser(userId: string): Promise<void> {
      const { internalAdapter } = await auth.$context;
      await internalAdapter.deleteUserSessions(userId);
      await internalAdapter.deleteAccounts(userId);
      await internalAdapter.deleteUser(userId);
    },
    /** Takes back what there is of a sign-in that belongs to nobody. */
    async forgetUser(email: string): Promise<void> {
      const { internalAdapter } = await auth.$context;
      const found = await internalAdapter.findUserByEmail(email.toLowerCase());
      if (!found) return;
      await internalAdapter.deleteUserSessions(found.user.id);
      await internalAdapter.deleteAccounts(found.user.id);
      await internalAdapter.deleteUser(found.user.id);
    },
    /** Replaces the password and ends every session of that person. */
    async setPassword(userId: string, password: string): Promise<void> {
      const { internalAdapter } = await auth.$context;
      await internalAdapter.updatePassword(userId, await hash(password));
      await internalAdapter.deleteUserSessions(userId);
    },
    /** True when this is the person's password. */
    async checkPassword(userId: string, password: string): Promise<boolean> {
      const { internalAdapter } = await auth.$context;
      const account = await internalAdapter.findCredentialAccount(userId);
      return account?.password ? verifyPassword({ hash: account.password, password }) : false;
    },
    /** Ends every session of a person: at a change of role, or when they leave. */
    async endAll(userId: string): Promise<void> {
      await (await auth.$context).internalAdapter.deleteUserSessions(userId);
    },
  };
}

const isUnauthorised = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "statusCode" in error &&
  (error.statusCode === 401 || error.statusCode === 400);
