// The proof that comes before any measurement: all servers answer the same.

import { isDeepStrictEqual } from 'node:util';
import { roles } from './callers.mjs';
import { ask } from './servers.mjs';
import { contentOf } from './workloads.mjs';

const samples = 20;

/** Asks all servers for the same things. @returns the differences, none if all is well. */
export async function differences(servers, contents, tokens) {
  const found = [];
  for (const [workload, drawn] of Object.entries(contents)) {
    for (const content of drawn.slice(0, samples)) {
      // A role is given by each server in turn, there and back, so that each really changes it.
      const asked = workload === 'W4' ? rolesInTurn(servers, content) : servers.map(() => content);
      const answers = [];
      for (const [index, server] of servers.entries()) {
        const data = await ask(server, workload, asked[index], tokens.get(content.userId));
        answers.push(shapeOf(server, workload, asked[index], data));
      }
      for (const [index, answer] of answers.entries()) {
        if (isDeepStrictEqual(answers[0], answer)) continue;
        found.push({ workload, server: servers[index].name, content, ...placeOf(answers[0], answer) });
      }
    }
  }
  return found;
}

/** Where two answers differ first, and in what. */
function placeOf(expected, actual, path = '') {
  const isObject = (value) => typeof value === 'object' && value !== null;
  if (!isObject(expected) || !isObject(actual)) return { path, expected, actual };
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  const key = keys.find((each) => !isDeepStrictEqual(expected[each], actual[each]));
  return placeOf(expected[key], actual[key], `${path}/${key}`);
}

function rolesInTurn(servers, content) {
  const [first, second] = content.role === roles[0] ? [roles[1], roles[0]] : roles;
  return servers.map((_, index) => ({ ...content, role: index % 2 === 0 ? first : second }));
}

/** Of a changed role what counts is whether it is the one that was asked for. */
function shapeOf({ name }, workload, { role }, data) {
  const answer = contentOf(name, workload, data);
  return workload === 'W4' ? { id: answer.id, given: answer.role.key === role } : answer;
}
