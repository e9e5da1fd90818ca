/** Exact decimals: an integer count of 10^-places. No floats between reading and rounding. */

export type Decimal = { units: bigint; places: number };

/** Reads plain decimal text ("-12.50", "1e-7"); null for anything else. */
export function decimalOf(text: string): Decimal | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  if (!match || (!match[2] && !match[3])) return null;
  const digits = `${match[2] ?? ""}${match[3] ?? ""}`;
  const units = BigInt(digits) * (match[1] === "-" ? -1n : 1n);
  const places = (match[3]?.length ?? 0) - Number(match[4] ?? 0);
  return places < 0 ? { units: units * 10n ** BigInt(-places), places: 0 } : { units, places };
}

/** The decimal a JSON number was written as: its shortest text, not its binary value. */
export const decimalOfNumber = (value: number): Decimal | null =>
  Number.isFinite(value) ? decimalOf(String(value)) : null;

export const whole = (units: number | bigint, places = 0): Decimal => ({ units: BigInt(units), places });

export const times = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, places: a.places + b.places });

export function plus(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  return { units: widen(a, places) + widen(b, places), places };
}

export const minus = (a: Decimal, b: Decimal): Decimal => plus(a, { units: -b.units, places: b.places });

/** a ÷ b to so many places, half away from zero; null when b is 0. */
export function dividedBy(a: Decimal, b: Decimal, places: number): Decimal | null {
  if (b.units === 0n) return null;
  const shift = places + b.places - a.places;
  const [top, bottom] =
    shift >= 0 ? [a.units * 10n ** BigInt(shift), b.units] : [a.units, b.units * 10n ** BigInt(-shift)];
  return { units: nearest(top, bottom), places };
}

/** Rounds half away from zero, as invoices do: 2.345 → 2.35, −2.345 → −2.35. */
export const rounded = (a: Decimal, places: number): Decimal =>
  a.places <= places
    ? { units: widen(a, places), places }
    : { units: nearest(a.units, 10n ** BigInt(a.places - places)), places };

/** Whether it fits in so many places without rounding. */
export const fits = (a: Decimal, places: number): boolean =>
  a.places <= places || a.units % 10n ** BigInt(a.places - places) === 0n;

export const isZero = (a: Decimal): boolean => a.units === 0n;

/** "-1234.50", all places written. */
export function decimalText(a: Decimal): string {
  const digits = (a.units < 0n ? -a.units : a.units).toString().padStart(a.places + 1, "0");
  const cut = digits.length - a.places;
  return `${a.units < 0n ? "-" : ""}${digits.slice(0, cut)}${a.places > 0 ? `.${digits.slice(cut)}` : ""}`;
}

/** The JSON number nearest to it; exact in its text up to 15 digits. */
export const numberOf = (a: Decimal): number => Number(decimalText(a));

const widen = (a: Decimal, places: number): bigint => a.units * 10n ** BigInt(places - a.places);

function nearest(top: bigint, bottom: bigint): bigint {
  const negative = top < 0n !== bottom < 0n;
  const [t, b] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  const result = (t * 2n + b) / (b * 2n);
  return negative ? -result : result;
}
