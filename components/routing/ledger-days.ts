/** The periods a ledger is shown for, in days up to and with today. */
export const ledgerDays = [1, 7, 30, 90, 365] as const;
