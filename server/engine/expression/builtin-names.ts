/** The names of the built-in functions: the parser must know those with spaces before anything is evaluated. */
export const builtinNames = [
  "date", "time", "date and time", "duration", "years and months duration", "number", "string", "not", "now", "today", "is", "context", "context put", "context merge", "get value", "get entries", "list contains", "count", "min", "max", "sum", "mean",
  "all", "any", "sublist", "append", "concatenate", "insert before", "remove", "reverse", "index of", "union", "distinct values", "flatten", "product", "median", "stddev", "mode", "list replace", "sort", "substring", "string length", "upper case", "lower case",
  "substring before", "substring after", "replace", "contains", "starts with", "ends with", "matches", "split", "string join", "trim", "extract", "decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down", "abs", "modulo", "sqrt", "log", "exp", "odd", "even",
  "day of year", "day of week", "month of year", "week of year", "before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after", "finishes", "finished by", "includes", "during", "starts", "started by", "coincides", "range",
  "partial", "grouping separator", "decimal separator", "start position", "time offset",
] as const;
