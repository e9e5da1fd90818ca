/** A DMN model asked: decisions by their requirements, knowledge models and decision services as functions. */
import { type FeelContext, type FeelValue, isContext, isFunction } from "@/server/engine/expression/index.ts";
import { type Env, fail, functionValue, modelFuel, type Session, typed, valueOf } from "./evaluate.ts";
import type { LinkedElement, LinkedModel } from "./link.ts";
import type { Decision, DecisionService, DrgElement, Knowledge, Parameter } from "./model.ts";

export type Question =
  | { kind: "decision"; name: string }
  /** A knowledge model or a decision service called with inputs by name; `output` picks one of several. */
  | { kind: "invocable"; name: string; output?: string };

/** The value and, when it is null for a reason, that reason. `inputs` by the names of input data; `now`: epoch ms. */
export function askModel(
  model: LinkedModel,
  question: Question,
  inputs: FeelContext,
  now: number,
): { value: FeelValue; error: string | null } {
  const session: Session = { now, fuel: modelFuel, depth: 0, error: null };
  const found = model.elementNamed(question.name);
  const answer = (value: FeelValue) => ({ value, error: value === null ? session.error : null });
  if (!found) return { value: null, error: `The model has nothing called ${question.name}.` };
  const given = (element: LinkedElement): FeelValue | undefined =>
    element.element === found.element ? undefined : givenFor(model, element, inputs);
  const world: World = { session, given, done: new Map() };
  if (question.kind === "decision" && found.element.kind === "decision")
    return answer(elementValue(found, world) ?? null);
  const called = elementValue(found, world) ?? null;
  if (called === null || !isFunction(called)) return answer(called);
  const value = called.call((called.parameters ?? []).map((name) => inputs[name] ?? null));
  const single =
    question.kind === "invocable" && question.output !== undefined && value !== null && isContext(value)
      ? (value[question.output] ?? value)
      : value;
  return answer(single);
}

/** What the asker knows of an element: by its own name, or below the name of the import it comes through. */
function givenFor(asked: LinkedModel, { model, element }: LinkedElement, inputs: FeelContext): FeelValue | undefined {
  for (const { name, linked } of asked.imports) {
    const inner = name !== "" && Object.hasOwn(inputs, name) ? inputs[name]! : null;
    if (linked === model && inner !== null && isContext(inner) && Object.hasOwn(inner, element.name))
      return inner[element.name];
  }
  return Object.hasOwn(inputs, element.name) ? inputs[element.name] : undefined;
}

/** `given`: values that come from outside instead of being worked out. */
type World = {
  session: Session;
  given(element: LinkedElement): FeelValue | undefined;
  done: Map<DrgElement, FeelValue>;
};

function elementValue(found: LinkedElement, world: World): FeelValue | undefined {
  const { element } = found;
  const known = world.done.get(element);
  if (known !== undefined) return known;
  // A requirement that leads back here reads as empty; the checks of a modeller refuse such a model.
  world.done.set(element, null);
  const value = worked(found, world);
  world.done.set(element, value);
  return value;
}

function worked(found: LinkedElement, world: World): FeelValue {
  const { element, model } = found;
  const given = element.kind === "input" || element.kind === "decision" ? world.given(found) : undefined;
  switch (element.kind) {
    case "input":
      return typed(envOf(model, new Map(), world), element.type, given ?? null, element.name);
    case "decision": {
      const env = envOf(model, requirementsOf(found as LinkedElement & { element: Decision }, world), world);
      return typed(env, element.type, given !== undefined ? given : valueOf(element.expression, env), element.name);
    }
    case "knowledge":
      return knowledge(found as LinkedElement & { element: Knowledge }, world);
    case "service":
      return service(model, element, world);
    default:
      return element satisfies never;
  }
}

type Thunk = () => FeelValue;
/** What an element may read, by name: what it requires, those of an import below the import's name. */
function requirementsOf(
  { model, element }: LinkedElement & { element: Decision | Knowledge },
  world: World,
): Map<string, Thunk> {
  const names = new Map<string, Thunk>();
  const imported = new Map<string, LinkedElement[]>();
  for (const { href } of element.requirements) {
    const found = model.refer(href);
    if (!found) {
      fail(world.session, `${element.name} requires ${href}, which is not in the model or its imports.`);
      continue;
    }
    if (found.via === null) names.set(found.element.name, () => elementValue(found, world) ?? null);
    else imported.set(found.via, [...(imported.get(found.via) ?? []), found]);
  }
  for (const [name, elements] of imported)
    names.set(name, () => {
      const context: FeelContext = Object.create(null) as FeelContext;
      for (const one of elements) context[one.element.name] = elementValue(one, world) ?? null;
      return context;
    });
  return names;
}

function envOf(model: LinkedModel, names: Map<string, Thunk>, { session }: World): Env {
  return { model, session, names: [...names.keys()], get: (name) => names.get(name)?.() };
}

function knowledge(found: LinkedElement & { element: Knowledge }, world: World): FeelValue {
  const { element, model } = found;
  const names = requirementsOf(found, world);
  // A knowledge model may call itself.
  names.set(element.name, () => elementValue(found, world) ?? null);
  const env = envOf(model, names, world);
  if (!element.logic) return null;
  const { parameters, language, body, type } = element.logic;
  return functionValue(parameters, env, language, (inner) =>
    typed(inner, element.type || type, valueOf(body, inner), `The result of ${element.name}`),
  );
}

/** A decision service as a function of its input data, then its input decisions; nothing else comes from outside. */
function service(model: LinkedModel, element: DecisionService, world: World): FeelValue {
  const inputs = [...element.inputData, ...element.inputDecisions].flatMap((href) => model.refer(href) ?? []);
  const outputs = element.outputDecisions.flatMap((href) => model.refer(href) ?? []);
  const parameters: Parameter[] = inputs.map(({ element: { name } }) => ({ name, type: "" }));
  const env = envOf(model, new Map(), world);
  return functionValue(parameters, env, "FEEL", (inner) => {
    const values = new Map<DrgElement, FeelValue>(inputs.map(({ element: one }) => [one, inner.get(one.name) ?? null]));
    const within: World = {
      session: world.session,
      given: (one) =>
        values.has(one.element) ? values.get(one.element) : one.element.kind === "input" ? null : undefined,
      done: new Map(),
    };
    const results = outputs.map((one) => [one.element.name, elementValue(one, within) ?? null] as const);
    if (results.length === 1) return typed(env, element.type, results[0]![1], element.name);
    const context: FeelContext = Object.create(null) as FeelContext;
    for (const [name, value] of results) context[name] = value;
    return typed(env, element.type, context, element.name);
  });
}
