/**
 * The templates' FEEL to FEEL: a bare `today` or `now` is the function, a bare duration the literal.
 * `today + P14D` = `today() + duration("P14D")`. What stands in quotes is left alone.
 */
export const toFeelText = (text: string): string =>
  text
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replace(/(?<![\w.])(today|now)\b(?!\s*[(\w.])/g, "$1()")
            .replace(
              /(?<![\w.])(-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)(?![\w.])/g,
              'duration("$1")',
            ),
    )
    .join("");
