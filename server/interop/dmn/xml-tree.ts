import { SaxesParser } from "saxes";
import { type Problem } from "../problem.ts";
import { decodeXml } from "../xes/decode-xml.ts";
import { guardXml } from "../xes/guard-xml.ts";

/** An element by its local name; texts directly inside it are joined. `line` is where it begins, 1-based. */
export type XmlElement = {
  name: string;
  namespace: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
  line: number;
};

/** As for BPMN files: what a person drew fits in this many times over. */
export const modelFileBytes = 5_000_000;
const mostElements = 200_000;

/**
 * A whole XML document as a tree, read with the caps for foreign XML: size, depth, attributes, names; a DOCTYPE, a fault of
 * form or a byte outside the encoding refuses it with its line.
 */
export async function readXmlTree(
  bytes: Uint8Array,
): Promise<{ ok: true; root: XmlElement } | { ok: false; problem: Problem }> {
  if (bytes.byteLength > modelFileBytes)
    return {
      ok: false,
      problem: {
        code: "file_too_large",
        text: `The file is larger than ${modelFileBytes / 1_000_000} MB. Nothing was imported.`,
      },
    };
  const parser = new SaxesParser({ xmlns: true, position: true });
  const guard = guardXml(parser);
  let root: XmlElement | null = null;
  let elements = 0;
  const open: XmlElement[] = [];
  parser.on("opentag", (tag) => {
    guard.entered(tag.name, tag.attributes);
    if (++elements > mostElements) guard.stop("too_many_rows", `The file has more than ${mostElements} elements.`);
    if (guard.stopped()) return;
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: new Map(Object.values(tag.attributes).map((a) => [a.prefix ? a.name : a.local, a.value])),
      children: [],
      text: "",
      line: parser.line,
    };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
    open.push(element);
  });
  parser.on("closetag", () => {
    guard.left();
    open.pop();
  });
  const said = (text: string) => {
    const element = open.at(-1);
    if (element && !guard.stopped()) element.text += text;
  };
  // Takes the guard's own listener's place: without it a text is counted together with the tags around it.
  parser.on("text", said);
  parser.on("cdata", said);
  const decoded = decodeXml(once(bytes));
  let end: Problem | undefined;
  for (;;) {
    const next = await decoded.next();
    if (next.done) {
      end = next.value;
      break;
    }
    guard.write(next.value);
    if (guard.stopped()) break;
  }
  if (!guard.stopped() && !end) guard.close();
  const problem = guard.stopped() ?? end;
  await decoded.return(undefined);
  if (problem) return { ok: false, problem };
  return root
    ? { ok: true, root }
    : { ok: false, problem: { code: "not_xml", text: "The file holds no XML element. Nothing was imported." } };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  if (bytes.byteLength > 0) yield bytes;
  return undefined;
}

export const attribute = (element: XmlElement, name: string): string => element.attributes.get(name) ?? "";
export const childrenNamed = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);
export const childNamed = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((child) => child.name === name);
/** The trimmed text of a child such as `<text>` or `<typeRef>`; empty when there is none. */
export const textOfChild = (element: XmlElement, name: string): string => childNamed(element, name)?.text.trim() ?? "";

/** Newer files write `typeRef` as an attribute of expressions, all write it as a child of types. */
export const typeOf = (element: XmlElement): string =>
  (attribute(element, "typeRef") || textOfChild(element, "typeRef")).trim().replace(/^feel:|^feel\./, "");
