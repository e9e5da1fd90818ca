/** Everything a person reads that is not a word: money, numbers, dates, durations. Pure: zone and now are given. */
export type Format = ReturnType<typeof formatter>;

export function formatter(locale: "en" | "vi", zone: string, now: number) {
  const language = locale === "vi" ? "vi-VN" : "en-GB";
  const dateTime = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  const date = new Intl.DateTimeFormat(language, { timeZone: zone, day: "numeric", month: "short", year: "numeric" });
  const localDay = new Intl.DateTimeFormat(language, { timeZone: "UTC", dateStyle: "medium" });
  const time = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  // Swedish dates are written as ISO 8601 writes them.
  const iso = new Intl.DateTimeFormat("sv-SE", { timeZone: zone });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  return {
    locale,
    zone,
    now,
    /** A decimal amount of a currency. */
    money: (amount: number, currency: string, short = false) =>
      new Intl.NumberFormat(language, {
        style: "currency",
        currency,
        currencyDisplay: "narrowSymbol",
        ...(short
          ? { notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 1 }
          : { maximumFractionDigits: amount % 1 ? 2 : 0 }),
      }).format(amount),
    number: (value: number, digits = 1) =>
      new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value),
    percent: (share: number, digits = 0) =>
      new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: digits }).format(share),
    date: (at: number) => date.format(at),
    /** A day of no zone, `2026-12-24`. */
    day: (date: string) => localDay.format(Date.parse(date)),
    /** `2026-03-09`, the local date, as addresses and date fields write it. */
    isoDate: (at: number) => iso.format(at),
    dateTime: (at: number) => dateTime.format(at),
    /** Today only the time, else the day too. */
    moment: (at: number) => (iso.format(at) === iso.format(now) ? time.format(at) : dateTime.format(at)),
    /** Up to seven days in words, then the date. */
    ago(at: number): string {
      const minutes = Math.round((at - now) / 60_000);
      if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
      const hours = Math.round(minutes / 60);
      if (Math.abs(hours) < 24) return relative.format(hours, "hour");
      const days = Math.round(hours / 24);
      return Math.abs(days) <= 7 ? relative.format(days, "day") : date.format(at);
    },
    /** Working time never turns into days of 24 h: `27 h`, `2 h 10 m`. */
    work(ms: number): string {
      const minutes = Math.max(0, Math.round(Math.abs(ms) / 60_000));
      const [h, m] = [Math.floor(minutes / 60), minutes % 60];
      const [H, M] = locale === "vi" ? ["giờ", "phút"] : ["h", "m"];
      return [h && `${h} ${H}`, m && h < 10 && `${m} ${M}`].filter(Boolean).join(" ") || `0 ${M}`;
    },
    /** `2 d 4 h`, `2 h 10 m`, `45 m`: the two largest parts. Days of 24 h. */
    duration(ms: number): string {
      const minutes = Math.max(0, Math.round(Math.abs(ms) / 60_000));
      const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
      const [D, H, M] = locale === "vi" ? ["ngày", "giờ", "phút"] : ["d", "h", "m"];
      const parts = [d && `${d} ${D}`, h && `${h} ${H}`, m && `${m} ${M}`].filter(Boolean);
      return parts.slice(0, 2).join(" ") || `0 ${M}`;
    },
  };
}
