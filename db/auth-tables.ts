/** Who may sign in. The columns of `auth_*` are the ones better-auth asks for; instants are epoch ms like everywhere. */
import type { Kit } from "./kit.ts";

export const makeAuthTables = (k: Kit) => {
  const authUser = k.table(
    "auth_user",
    {
      id: k.text("id").primaryKey(),
      name: k.text("name").notNull(),
      email: k.text("email").notNull(),
      emailVerified: k.bool("email_verified").notNull(),
      image: k.text("image"),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [k.uniqueIndex("auth_user_email").on(t.email)],
  );
  const authSession = k.table(
    "auth_session",
    {
      id: k.text("id").primaryKey(),
      userId: k.text("user_id").notNull(),
      /** SHA-256 of the token in the cookie. */
      token: k.text("token").notNull(),
      /** Moves forward while the session is used; never beyond seven days after `created_at`. */
      expiresAt: k.time("expires_at").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      ipAddress: k.text("ip_address"),
      userAgent: k.text("user_agent"),
    },
    (t) => [k.uniqueIndex("auth_session_token").on(t.token), k.index("auth_session_user").on(t.userId)],
  );
  const authAccount = k.table(
    "auth_account",
    {
      id: k.text("id").primaryKey(),
      accountId: k.text("account_id").notNull(),
      providerId: k.text("provider_id").notNull(),
      userId: k.text("user_id").notNull(),
      /** The password's hash: `scrypt$N$r$p$salt$key`. */
      password: k.text("password"),
      accessToken: k.text("access_token"),
      refreshToken: k.text("refresh_token"),
      idToken: k.text("id_token"),
      accessTokenExpiresAt: k.time("access_token_expires_at"),
      refreshTokenExpiresAt: k.time("refresh_token_expires_at"),
      scope: k.text("scope"),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [
      k.uniqueIndex("auth_account_provider").on(t.providerId, t.accountId),
      k.index("auth_account_user").on(t.userId),
    ],
  );
  const authVerification = k.table(
    "auth_verification",
    {
      id: k.text("id").primaryKey(),
      identifier: k.text("identifier").notNull(),
      value: k.text("value").notNull(),
      expiresAt: k.time("expires_at").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [k.index("auth_verification_identifier").on(t.identifier)],
  );
  /** Failed sign-ins in the current window, by account and by network. */
  const signInCount = k.table("sign_in_count", {
    key: k.text("key").primaryKey(),
    failures: k.int("failures").notNull(),
    since: k.time("since").notNull(),
  });
  /** One row at most: its unique `slot` lets exactly one person set an empty server up. */
  const installation = k.table(
    "installation",
    { workspaceId: k.text("workspace_id").primaryKey(), slot: k.text("slot").notNull(), at: k.time("at").notNull() },
    (t) => [k.uniqueIndex("installation_slot").on(t.slot)],
  );
  return { authUser, authSession, authAccount, authVerification, signInCount, installation };
};
