import type { Spot } from './place.js';

/** One field of a document, as it will be written. */
export interface Selection {
  /** Under what name it is in the answer. */
  key: string;
  /** The field with its arguments. */
  call: string;
  /** `@include` or `@skip`, or nothing. */
  condition: string;
  /** How it stands in the selection: by itself, or in a fragment of its own. */
  wrapped: 'plain' | 'inline' | 'named';
  /** The type that it is a field of. */
  on: string;
  fields: Selection[] | null;
}

/** A field without arguments, under its own name. */
export function plain(on: string, key: string, fields: Selection[] | null = null): Selection {
  return { on, key, call: key, condition: '', wrapped: 'plain', fields };
}

/**
 * Puts in what is meant, now that it is known which organization the request is about, and which is another one:
 * `<team 1>` is the second team of the first, `<other team 1>` one of the second.
 */
export function settled(selections: readonly Selection[], here: Spot, other: Spot): Selection[] {
  return selections.map((part) => ({
    ...part,
    call: part.call.replace(
      /<(other |upper )?(organization|slug|member|team|workspace) (\d+)>/g,
      (_, which: string | undefined, kind: keyof Spot, nth: string) => {
        const ids = (which === 'other ' ? other : here)[kind];
        const id = typeof ids === 'string' ? ids : ids[Number(nth) % ids.length]!;
        return which === 'upper ' ? id.toUpperCase() : id;
      },
    ),
    fields: part.fields && settled(part.fields, here, other),
  }));
}

/** The document of these fields. Its variables are used in any case. */
export function documentOf(selections: readonly Selection[]): string {
  const fragments: string[] = [];
  const text = written(selections, fragments);
  return `query ($yes: Boolean!, $no: Boolean!) {
    yes: __typename @include(if: $yes) no: __typename @include(if: $no) ${text}
  }\n${fragments.join('\n')}`;
}

function written(selections: readonly Selection[], fragments: string[]): string {
  return selections
    .map(({ on, key, call, condition, wrapped, fields }) => {
      const inner = fields ? ` { ${written(fields, fragments)} }` : '';
      const field = `${key === call ? '' : `${key}: `}${call}${condition}${inner}`;
      if (wrapped === 'inline') return `... on ${on} { ${field} }`;
      if (wrapped === 'plain') return field;
      const name = `part${fragments.length}`;
      fragments.push(`fragment ${name} on ${on} { ${field} }`);
      return `...${name}`;
    })
    .join(' ');
}

/** What is left of a document if only the way to one place of its answer is asked for. */
export function wayTo(selections: readonly Selection[], path: readonly (string | number)[]): Selection[] {
  const [key, ...rest] = path.filter((step) => typeof step === 'string');
  return selections
    .filter((part) => part.key === key)
    .map((part) => {
      if (!part.fields) return part;
      // Of what fails itself it does not matter what of it is asked for.
      const fields = rest.length > 0 ? wayTo(part.fields, rest) : [plain(part.on, '__typename')];
      return { ...part, fields };
    });
}
