export interface HtmlElement {
  name: string;
  attributes: Record<string, string>;
  /** The text inside, with references resolved. */
  text: string;
}

const references: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const voids = new Set(['meta', 'hr']);
const token = /<!doctype html>|<\/([a-z][a-z0-9]*)>|<([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>|([^<>]+)/gy;

/**
 * Every element of a page, in order. Only plain HTML is understood: tags in lower case that are all closed, and attributes in
 * double quotes. Anything else is an error, so nothing can hide from whoever looks at the result.
 */
export function elementsIn(html: string): HtmlElement[] {
  const elements: HtmlElement[] = [];
  const open: HtmlElement[] = [];
  let end = 0;
  for (const [all, closed, name, attributes, text] of html.matchAll(token)) {
    end += all.length;
    if (name !== undefined) {
      const element = { name, attributes: attributesIn(attributes!), text: '' };
      elements.push(element);
      if (!voids.has(name)) open.push(element);
    } else if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes something else.`);
    } else if (text !== undefined) {
      for (const element of open) element.text += resolved(text);
    }
  }
  if (end < html.length) throw new Error(`Not plain HTML: ${html.slice(end, end + 80)}`);
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is not closed.`);
  return elements;
}

function attributesIn(source: string): Record<string, string> {
  return Object.fromEntries(
    [...source.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, resolved(value!)]),
  );
}

function resolved(text: string): string {
  return text.replace(/&(#?\w+);|&/g, (whole, name: string | undefined) => {
    const character = name === undefined ? undefined : references[name];
    if (character === undefined) throw new Error(`Not a reference: ${whole}`);
    return character;
  });
}
