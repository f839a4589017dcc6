import { type Logger, pino } from 'pino';

export type Log = Logger;

/** The names under which secrets travel; their values never reach a log line. */
const secrets = ['password', 'newPassword', 'currentPassword', 'token', 'refreshToken', 'accessToken', 'secret'];

/** A JSON log on standard output, with secrets redacted wherever they may stand. */
export function createLog(level: string): Log {
  return pino({
    level,
    base: undefined,
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
