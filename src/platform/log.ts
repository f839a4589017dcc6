import { type Logger, pino } from 'pino';

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

/** A JSON log on standard output, with secrets redacted wherever they may stand. */
export function createLog(level: string): Log {
  return pino({
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
  });
}
