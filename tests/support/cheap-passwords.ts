/** What a guess costs in stories about people who sign in: next to nothing. server/auth/password.test.ts holds what it costs in earnest. */
export const cheapPasswords = { n: 2 ** 10, r: 8, p: 1 };
