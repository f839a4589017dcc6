declare module 'pg/lib/utils.js' {
  const utils: {
    /** Turns a value into what PostgreSQL reads: text, bytes or null. */
    prepareValue(value: unknown): string | Buffer | null;
  };
  export default utils;
}
