import { type Operation, type Person, people, table, verdictsOnPeople } from './matrix.table.js';

interface Key {
  /** Who has made it. */
  of: Person;
  scope: 'organizations:read' | 'organizations:write';
  /** Whether its maker is a super admin besides. */
  isSuperAdmins?: true;
}

/** API keys that are tried beside people. */
export const keys = {
  'an administrator’s key to read': { of: 'administrator', scope: 'organizations:read' },
  'an administrator’s key to write': { of: 'administrator', scope: 'organizations:write' },
  'a developer’s key to read': { of: 'developer', scope: 'organizations:read' },
  'a developer’s key to write': { of: 'developer', scope: 'organizations:write' },
  'a team manager’s key to write': { of: 'team manager', scope: 'organizations:write' },
  'a viewer’s key to write': { of: 'viewer', scope: 'organizations:write' },
  'a suspended administrator’s key to read': { of: 'suspended', scope: 'organizations:read' },
  'a suspended administrator’s key to write': { of: 'suspended', scope: 'organizations:write' },
  'an outsider’s key to read': { of: 'outsider', scope: 'organizations:read' },
  'an outsider’s key to write': { of: 'outsider', scope: 'organizations:write' },
  'a super admin’s key to write, who is a viewer here': {
    of: 'viewer',
    scope: 'organizations:write',
    isSuperAdmins: true,
  },
} as const satisfies Record<string, Key>;

export type KeyName = keyof typeof keys;
export type Caller = Person | KeyName;

export const keyNames = Object.keys(keys) as KeyName[];
export const callers: readonly Caller[] = [...people, ...keyNames];

export function keyOf(caller: Caller): Key | null {
  return caller in keys ? keys[caller as KeyName] : null;
}

/** Where every organization but the key's own is one of others, and so is not there. */
const toOthers = 'Mutation.updateMember (to an organization of others)';

/**
 * What the specification says of an operation with a key: what it says of its maker, except that
 *
 * 1. no key outlives its organization (`gone` in the table),
 * 2. a key to read makes no mutation,
 * 3. a key does nothing while its membership is suspended,
 * 4. no key does what is for people alone (`person`),
 * 5. to a key there is one organization, its own, whatever others its maker belongs to (`elsewhere`),
 * 6. a key reports of everybody what a session reports of oneself (`reporting`).
 *
 * The first that applies counts.
 */
function verdictOnKey(operation: Operation, { of, scope }: Key): string {
  const [, , forKeys] = table[operation];
  const maker = (asked: Operation) => verdictsOnPeople(asked)[people.indexOf(of)]!;
  if (forKeys === 'gone' && of !== 'outsider') return 'UNAUTHENTICATED';
  if (scope === 'organizations:read' && operation.startsWith('Mutation.'))
    return 'FORBIDDEN without organizations:write';
  if (of === 'suspended') return 'FORBIDDEN for MEMBERSHIP_SUSPENDED';
  if (forKeys === 'person') return 'FORBIDDEN for SESSION_REQUIRED';
  if (forKeys === 'elsewhere') return maker(toOthers);
  if (forKeys === 'reporting') return maker('Mutation.recordActivity');
  return maker(operation);
}

/** What the specification says of an operation, caller by caller. */
export function verdictsOn(operation: Operation): string[] {
  return [...verdictsOnPeople(operation), ...keyNames.map((name) => verdictOnKey(operation, keys[name]))];
}
