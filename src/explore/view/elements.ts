/** Elements made in one expression. Text goes in as text: nothing of a document is ever read as markup. */

export type Attributes = Readonly<Record<string, string | number | boolean | null>>;
export type Child = Node | string | null;

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. An attribute that is false or null is left out. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element, likewise. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** A button that does something. */
export function button(label: string, text: Child, onClick: () => void): HTMLButtonElement {
  const made = html("button", { type: "button", "aria-label": label, title: label }, text);
  made.addEventListener("click", onClick);
  return made;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null) element.removeAttribute(key);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
}

function filled<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== null));
  return element;
}
