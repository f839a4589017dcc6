import fc from 'fast-check';
import type { Gateway } from '../../../src/gateway.js';
import { type Answer, send } from '../../support/client.js';
import { documentOf, type Selection, settled } from './documents.js';
import type { Asker, Place, Spot } from './place.js';
import { anyQuestion, documentOfCursors } from './questions.js';
import type { Cursors } from './selections.js';

export interface Request {
  asker: Asker;
  /** What it says of its organization beside the credential. */
  headers: Record<string, string>;
  variables: { yes: boolean; no: boolean };
  selections: Selection[];
}

/** The cursors that the gateway hands out to two who see all lists between them. */
export async function cursorsIn(gateway: Gateway, { askers, spots }: Place): Promise<Cursors> {
  const cursors = new Map<string, string[]>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const [on, field, ...order] = key.split('_');
      const edges = (inner as { edges?: { cursor: string }[] } | null)?.edges;
      if (!edges) collect(inner);
      else {
        const name = `${on}.${field} ${order.join('_')}`;
        cursors.set(name, [...(cursors.get(name) ?? []), ...edges.map(({ cursor }) => cursor)]);
      }
    }
  };
  for (const name of ['administrator of Acme', 'super admin']) {
    const { headers } = askers.find((asker) => asker.name === name)!;
    const document = documentOfCursors(name === 'super admin');
    const { data } = await send<unknown, object>(gateway.url, document, {}, { ...headers, ...inside(spots[0]!) });
    collect(data);
  }
  return cursors;
}

/** Any requests; some documents are sent by several callers, about the same organization or each about its own. */
export function requestsOf({ askers, spots }: Place, cursors: Cursors): fc.Arbitrary<Request[]> {
  const someone = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...askers.filter(({ isWelcome }) => isWelcome)) },
    { weight: 1, arbitrary: fc.constantFrom(...askers.filter(({ isWelcome }) => !isWelcome)) },
  );
  const anyRequest = fc.record({
    selections: anyQuestion(cursors),
    home: fc.nat(3),
    /** Now and then it is about where the asker has no business. */
    isAway: fc.nat(9).map((n) => n === 0),
    other: fc.nat(spots.length - 1),
    header: fc.oneof(
      { weight: 8, arbitrary: fc.constant('here') },
      { weight: 1, arbitrary: fc.constantFrom('upper', 'other', 'nowhere', 'none') },
    ),
    variables: fc.record({ yes: fc.boolean(), no: fc.boolean() }),
  });
  const group = fc.record({
    request: anyRequest,
    senders: fc.oneof(
      { weight: 3, arbitrary: fc.array(someone, { minLength: 1, maxLength: 1 }) },
      { weight: 2, arbitrary: fc.array(someone, { minLength: 2, maxLength: 5 }) },
    ),
    /** Whether all ask about the organization of the first one. */
    isShared: fc.boolean(),
  });
  type Group = typeof group extends fc.Arbitrary<infer T> ? T : never;

  const sent = ({ request, senders, isShared }: Group): Request[] =>
    senders.map((asker) => {
      const { homes } = isShared ? senders[0]! : asker;
      const other = spots[request.other]!;
      const here = request.isAway ? other : spots[homes[request.home % homes.length]!]!;
      const made: Request = {
        asker,
        headers: headersOf(request.header, here, other),
        variables: request.variables,
        selections: settled(request.selections, here, other),
      };
      return { ...made, [fc.toStringMethod]: () => tell(made) };
    });
  return fc
    .array(group, { minLength: 12, maxLength: 30, size: 'max' })
    .map((groups) => groups.flatMap(sent))
    .filter(({ length }) => length >= 20 && length <= 60);
}

function headersOf(header: string, here: Spot, other: Spot): Record<string, string> {
  if (header === 'none') return {};
  if (header === 'nowhere') return { 'x-organization-id': '01900000-0000-7000-8000-000000000000' };
  if (header === 'upper') return { 'x-organization-id': here.organization.toUpperCase() };
  return inside(header === 'other' ? other : here);
}

const inside = ({ organization }: Spot): Record<string, string> => ({ 'x-organization-id': organization });

/** Sends one request, with another document if one is given. */
export function ask({ url }: Gateway, request: Request, selections = request.selections): Promise<Answer<unknown>> {
  const headers = { ...request.headers, ...request.asker.headers };
  return send(url, documentOf(selections), request.variables, headers);
}

/** What a person needs to see a request again. */
export function tell({ asker, headers, variables, selections }: Request): string {
  return `${asker.name} ${JSON.stringify(headers)} ${JSON.stringify(variables)} ${documentOf(selections)}`;
}
