import { describe, expect, it } from 'vitest';
import { useGateway } from '../support/gateway.js';
import { errorsOf } from './answers.js';
import { call, operations } from './operations.js';
import { type Values, valueAt } from './positions.js';
import { keyed, type Raw } from './requests.js';
import { aScene, type Scene } from './scene.js';

const gateway = useGateway();

/** What only sessions do: to name the owner of an organization takes a super admin, and a key knows one organization. */
const beyondKeys = ['input.owner', 'input.targetOrganizationId'];

const coordinates = Object.keys(operations);
const forPeople = coordinates.filter((coordinate) => operations[coordinate]!.personal);
const forSuperAdmins = coordinates.filter((coordinate) => operations[coordinate]!.aboveAll);
const forKeys = coordinates.filter((name) => !forPeople.includes(name) && !forSuperAdmins.includes(name));
const isMutation = (coordinate: string) => coordinate.startsWith('Mutation.');

/** Calls an operation with every set of arguments that are right, each in a scene of its own. */
async function answersTo(
  coordinate: string,
  key: (scene: Scene) => string,
  wanted: (variables: Values) => boolean = () => true,
): Promise<Raw[]> {
  const { valid } = operations[coordinate]!;
  const answers: Raw[] = [];
  const { length } = await valid(await aScene(gateway()));
  for (let variant = 0; variant < length; variant += 1) {
    const scene = await aScene(gateway());
    const variables = (await valid(scene))[variant]!;
    if (wanted(variables)) answers.push(await call(scene, coordinate, variables, keyed(key(scene))));
  }
  expect(answers).not.toEqual([]);
  return answers;
}

const factsOf = (answer: Raw) => errorsOf(answer).map(({ extensions }) => extensions);

describe('an API key that may write', () => {
  it.each(forKeys)('may call %s', async (coordinate) => {
    const withinReach = (variables: Values) => beyondKeys.every((path) => valueAt(variables, path) === undefined);
    const answers = await answersTo(coordinate, ({ writeKey }) => writeKey, withinReach);
    expect(answers.map(factsOf)).toEqual(answers.map(() => []));
  });

  it.each(forPeople)('is not let in for a person: %s', async (coordinate) => {
    for (const answer of await answersTo(coordinate, ({ writeKey }) => writeKey)) {
      expect(factsOf(answer)).toEqual([{ code: 'FORBIDDEN', reason: 'SESSION_REQUIRED' }]);
    }
  });

  it.each(forSuperAdmins)('is no super admin: %s', async (coordinate) => {
    for (const answer of await answersTo(coordinate, ({ writeKey }) => writeKey)) {
      expect(factsOf(answer)).toEqual([{ code: 'FORBIDDEN', reason: 'SUPER_ADMIN' }]);
    }
  });

  it.each([
    ['Mutation.createOrganization', 'input.owner', { code: 'FORBIDDEN', reason: 'SUPER_ADMIN' }],
    ['Mutation.updateMember', 'input.targetOrganizationId', { code: 'NOT_FOUND' }],
  ])('is refused where it reaches too far: %s with %s', async (coordinate, path, facts) => {
    const beyond = (variables: Values) => valueAt(variables, path) !== undefined;
    const answers = await answersTo(coordinate, ({ writeKey }) => writeKey, beyond);
    expect(answers.map(factsOf)).toEqual([[facts]]);
  });
});

describe('an API key that may only read', () => {
  it.each(forKeys.filter((coordinate) => !isMutation(coordinate)))('may call %s', async (coordinate) => {
    const answers = await answersTo(coordinate, ({ readKey }) => readKey);
    expect(answers.map(factsOf)).toEqual(answers.map(() => []));
  });

  it.each(coordinates.filter(isMutation))('lacks the scope for %s', async (coordinate) => {
    for (const answer of await answersTo(coordinate, ({ readKey }) => readKey)) {
      expect(factsOf(answer)).toEqual([{ code: 'FORBIDDEN', requiredScope: 'organizations:write' }]);
    }
  });
});
