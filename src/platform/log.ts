import { type Logger, type LoggerOptions, pino } from 'pino';

export type Log = Logger;

/** The names under which secrets travel; their values never reach a log line. */
const secrets = ['password', 'newPassword', 'currentPassword', 'token', 'refreshToken', 'accessToken', 'secret'];

/**
 * PostgreSQL explains a refusal with the row or the parameters that it has refused, and a lost connection comes with all that
 * the driver knows of it; these are not for the log.
 */
function withoutRows(error: Error): object {
  const {
    detail: _,
    where: __,
    client: ___,
    ...rest
  } = pino.stdSerializers.err(error) as unknown as Record<string, unknown>;
  return rest;
}

/**
 * A JSON log on standard output, with secrets redacted wherever they may stand.
 *
 * Lines are written beside the work, as many at a time as have come up meanwhile, so that a slow reader of the log slows nobody
 * down. What is left is written when the process exits; a `kill -9` may lose the lines of its last moment.
 */
export function createLog(level: string): Log {
  const options: LoggerOptions = {
    level,
    base: undefined,
    serializers: { err: withoutRows },
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers["x-api-key"]',
        'req.headers.cookie',
        ...secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      ],
      censor: '[secret]',
    },
  };
  return pino(options, pino.destination({ dest: 1, sync: false }));
}
