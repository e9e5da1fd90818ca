import type { DmnModel, DmnExpression, DrgElement, ItemDefinition } from "./model.ts";

export type LinkedElement = { model: LinkedModel; element: DrgElement };
/** A model with its imports found: what a type or a reference in it means. */
export type LinkedModel = {
  model: DmnModel;
  /** `name` empty: the imported elements stand beside one's own. */
  imports: { name: string; linked: LinkedModel }[];
  typeNamed(type: string): { model: LinkedModel; item: ItemDefinition } | null;
  /** `#id` or `namespace#id`; `via` is the name of the import it comes through, null for one's own. */
  refer(href: string): (LinkedElement & { via: string | null }) | null;
  elementNamed(name: string): LinkedElement | null;
  /** Names of components, columns and entries that the FEEL parser must know because they have spaces or signs. */
  propertyNames: readonly string[];
};

/** Finds imports by their namespace only: names and places in a file are labels. An import that is not there is left out. */
export function linkModel(
  model: DmnModel,
  find: (namespace: string) => DmnModel | null,
  done = new Map<string, LinkedModel>(),
): LinkedModel {
  const known = done.get(model.namespace);
  if (known) return known;
  const byId = new Map(model.elements.map((element) => [element.id, element]));
  const linked: LinkedModel = {
    model,
    imports: [],
    typeNamed(type) {
      const own = model.types.find(({ name }) => name === type);
      if (own) return { model: linked, item: own };
      for (const { name, linked: other } of linked.imports) {
        if (name !== "" && !type.startsWith(`${name}.`)) continue;
        const found = other.typeNamed(name === "" ? type : type.slice(name.length + 1));
        if (found) return found;
      }
      return null;
    },
    refer(href) {
      const hash = href.lastIndexOf("#");
      const namespace = hash > 0 ? href.slice(0, hash) : "";
      const id = href.slice(hash + 1);
      if (namespace === "" || namespace === model.namespace) {
        const element = byId.get(id);
        return element ? { model: linked, element, via: null } : null;
      }
      const one = linked.imports.find(({ linked: other }) => other.model.namespace === namespace);
      const found = one?.linked.refer(`#${id}`);
      return one && found
        ? { model: found.model, element: found.element, via: one.name === "" ? null : one.name }
        : null;
    },
    elementNamed(name) {
      const own = model.elements.find((element) => element.name === name);
      if (own) return { model: linked, element: own };
      for (const { name: via, linked: other } of linked.imports) {
        const inner = via === "" ? name : name.startsWith(`${via}.`) ? name.slice(via.length + 1) : null;
        const found = inner === null ? null : other.elementNamed(inner);
        if (found) return found;
      }
      return null;
    },
    propertyNames: [],
  };
  done.set(model.namespace, linked);
  for (const { name, namespace } of model.imports) {
    const other = find(namespace);
    if (other) linked.imports.push({ name, linked: linkModel(other, find, done) });
  }
  linked.propertyNames = [...new Set([...namesIn(model), ...linked.imports.flatMap((i) => i.linked.propertyNames)])];
  return linked;
}

function namesIn(model: DmnModel): string[] {
  const names: string[] = [];
  const fromType = (item: ItemDefinition): void =>
    item.components.forEach((component) => {
      names.push(component.name);
      fromType(component);
    });
  model.types.forEach(fromType);
  const fromExpression = (expression: DmnExpression | null): void => {
    if (!expression) return;
    if (expression.kind === "context") names.push(...expression.entries.map((e) => e.name));
    if (expression.kind === "relation") names.push(...expression.columns);
    if (expression.kind === "table") names.push(...expression.table.outputs);
    for (const child of childrenOf(expression)) fromExpression(child);
  };
  for (const element of model.elements) {
    names.push(element.name);
    if (element.kind === "decision") fromExpression(element.expression);
    if (element.kind === "knowledge") fromExpression(element.logic);
  }
  // A name with a dot reads as a path everywhere but where it is declared.
  return names.filter((name) => name !== "" && !name.includes("."));
}

function childrenOf(expression: DmnExpression): (DmnExpression | null)[] {
  switch (expression.kind) {
    case "context":
      return expression.entries.map((e) => e.value);
    case "relation":
      return expression.rows.flat();
    case "list":
      return expression.items;
    case "invocation":
      return [expression.callee, ...expression.bindings.map((b) => b.value)];
    case "function":
      return [expression.body];
    case "conditional":
      return [expression.condition, expression.yes, expression.no];
    case "filter":
      return [expression.list, expression.match];
    case "iterator":
      return [expression.list, expression.body];
    case "literal":
    case "table":
    case "unsupported":
      return [];
    default:
      return expression satisfies never;
  }
}
