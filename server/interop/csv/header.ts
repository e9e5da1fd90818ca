import { type Problem, reservedNames } from "../problem.ts";

/**
 * Column names from the header row: trimmed, an unnamed one called after its place, a repeated one numbered, so that each
 * name means one column. What was changed is told.
 */
export function headerOf(cells: string[], row: number): { columns: string[]; notices: Problem[] } {
  const notices: Problem[] = [];
  const taken = new Set<string>();
  const columns = cells.map((cell, index) => {
    const name = cell.trim();
    const wanted = usableName(name, index, row, notices);
    let unique = wanted;
    for (let n = 2; taken.has(unique); n++) unique = `${wanted} (${n})`;
    if (unique !== wanted) {
      notices.push({
        code: "duplicate_column",
        text: `The column “${wanted}” stands more than once in the header; the later one is called “${unique}” here.`,
        row,
        column: unique,
      });
    }
    taken.add(unique);
    return unique;
  });
  return { columns, notices };
}

function usableName(name: string, index: number, row: number, notices: Problem[]): string {
  if (name !== "" && !reservedNames.has(name)) return name;
  const place = `Column ${index + 1}`;
  notices.push(
    name === ""
      ? {
          code: "unnamed_column",
          text: `Column ${index + 1} has no name in the header; it is called “${place}” here.`,
          row,
          column: place,
        }
      : {
          code: "reserved_name",
          text: `The column name “${name}” cannot be used; it is called “${place}” here.`,
          row,
          column: place,
        },
  );
  return place;
}
