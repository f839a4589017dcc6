import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLog, type Log } from '../../src/platform/log.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { databaseNames, dump, formsOf, insideOf } from './leaks.js';
import { post, type Raw } from './requests.js';
import { goodPassword } from './scene.js';
import { keepJobs } from './secret-places.js';

/** The gateway's own log with its own redaction, but kept in memory. */
export function logInMemory(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const log = createLog('trace');
  (log as unknown as Record<symbol, unknown>)[pino.symbols.streamSym] = { write: (line: string) => lines.push(line) };
  return { log, lines };
}

/** A word that stands nowhere else, to be looked for afterwards. */
export const canary = () => `Canary${randomBytes(9).toString('hex')}`;

/** A gateway of a file's own, what it logs and answers, and every secret that is sent to it or handed out by it. */
export function useSearchedGateway() {
  const { log, lines } = logInMemory();
  const gateway = useOwnGateway({}, log);
  const answers: Raw[] = [];
  const planted = new Set<string>();
  const repeated: string[] = [];

  beforeAll(() => keepJobs(gateway()));

  function plant<S extends string>(secret: S): S {
    planted.add(secret);
    return secret;
  }

  function note(answer: Raw, secret: string, request: string): void {
    answers.push(answer);
    const shown = JSON.stringify([...answer.headers]) + answer.text;
    if (!formsOf(secret).some((form) => shown.includes(form))) return;
    repeated.push(`${request.slice(0, 300)} → ${answer.text.slice(0, 300)}`);
  }

  return {
    gateway,
    log,
    lines,
    answers,
    planted,
    plant,
    /** Keeps an answer to a request with a secret in it. It must not repeat it, which `expectNothingRepeated` looks at. */
    note,
    /** Sends a request with a secret in it. */
    async provoke(body: string, secret: string, headers: Record<string, string> = {}): Promise<void> {
      plant(secret);
      note(await post(gateway().url, body, headers), secret, body);
    },
    expectNothingRepeated(): void {
      expect(repeated.splice(0)).toEqual([]);
    },
  };
}

type Searched = ReturnType<typeof useSearchedGateway>;

/** The tests at the end of a file: of so many secrets, nothing lies anywhere. */
export function searchEverything(
  { gateway, lines, answers, planted }: Searched,
  least: { answers: number; secrets: number },
): void {
  describe('after all that', () => {
    it('no answer has shown what is behind it', async () => {
      const names = await databaseNames(gateway());
      expect(names.length).toBeGreaterThan(50);
      expect(answers.length).toBeGreaterThanOrEqual(least.answers);
      const shown = answers.flatMap(({ text, headers }) => {
        const found = insideOf(text, names) ?? insideOf(JSON.stringify([...headers]), names);
        return found ? [`${found}: ${text.slice(0, 200)}`] : [];
      });
      expect([...new Set(shown)]).toEqual([]);
    });

    it('no secret is in the log', () => {
      const text = lines.join('');
      expect(lines.length).toBeGreaterThan(0);
      expect(planted.size).toBeGreaterThanOrEqual(least.secrets);
      expect([...planted].filter((secret) => formsOf(secret).some((form) => text.includes(form)))).toEqual([]);
      expect(text.includes('$argon2')).toBe(false);
    });

    it('no secret is in the database', async () => {
      const text = await dump(gateway());
      for (const looked of ['graphile_worker._private_', '$argon2id$']) {
        expect(text.includes(looked), looked).toBe(true);
      }
      expect([...planted].filter((secret) => formsOf(secret).some((form) => text.includes(form)))).toEqual([]);
      expect(text.includes(goodPassword)).toBe(false);
    });
  });
}
