/** Text with case, accents and spacing taken away: how names are compared and labels are recognised. */
export const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "d")
    .replace(/ß/g, "ss")
    .replace(/[øØ]/g, "o")
    .replace(/[łŁ]/g, "l")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/**
 * Jaro–Winkler similarity, 0–1 (Winkler 1990: prefix of at most 4, scale 0.1). Inputs are cut at 200 characters, so that
 * the cost is bounded.
 */
export function similarity(left: string, right: string): number {
  const [a, b] = [[...left].slice(0, 200), [...right].slice(0, 200)];
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Array<boolean>(b.length).fill(false);
  const inA: string[] = [];
  for (const [i, letter] of a.entries()) {
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j++) {
      if (taken[j] || b[j] !== letter) continue;
      taken[j] = true;
      inA.push(letter);
      break;
    }
  }
  if (inA.length === 0) return 0;
  const inB = b.filter((_, j) => taken[j]);
  const swaps = inA.filter((letter, i) => letter !== inB[i]).length / 2;
  const jaro = (inA.length / a.length + inA.length / b.length + (inA.length - swaps) / inA.length) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** The likeliest of the choices for a misspelt text, if one is near enough to be offered. */
export function nearestChoice(text: string, choices: readonly string[]): string | null {
  const wanted = fold(text);
  const ranked = choices
    .map((choice) => ({ choice, near: similarity(wanted, fold(choice)) }))
    .sort((x, y) => y.near - x.near);
  return ranked[0] && ranked[0].near >= 0.88 ? ranked[0].choice : null;
}
