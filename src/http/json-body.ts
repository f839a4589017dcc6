import type { FastifyInstance } from 'fastify';
import { documentLimits, tooComplex } from '../graphql/document-limits.js';

/**
 * Has bodies in JSON looked at before they are parsed: a mebibyte of brackets would keep the parser, and everything that
 * walks through what it has made, busy for longer than all others should wait.
 */
export function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    try {
      assertFewValues(body);
    } catch (error) {
      return done(error as Error);
    }
    return parse(request, body, done);
  });
}

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [list, listEnd, object, objectEnd] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Counts what a text in JSON holds without making any of it. Whether it is JSON at all, the parser says.
 *
 * @throws {DomainError} QUERY_TOO_COMPLEX with `limit` and `maximum`.
 */
export function assertFewValues(json: string): void {
  let values = 1;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charCodeAt(at);
    if (character === quote) at = endOfText(json, at);
    else if (character === comma) values += 1;
    else if (character === list || character === object) {
      values += 1;
      depth += 1;
    } else if (character === listEnd || character === objectEnd) depth -= 1;
    if (depth > documentLimits.nesting) throw tooComplex('nesting', documentLimits.nesting);
    if (values > documentLimits.values) throw tooComplex('values', documentLimits.values);
  }
}

/** Where the text ends that begins here. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const character = json.charCodeAt(at);
    if (character === quote) return at;
    if (character === backslash) at += 1;
  }
  return json.length;
}
