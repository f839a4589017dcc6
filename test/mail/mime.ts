/** What a mail program would make of a message. */
export interface Message {
  /** Every header field in order, unfolded, as it was sent. */
  fields: { name: string; value: string }[];
  subject: string;
  text: string;
  html: string;
}

/** Reads a message with a part of plain text and one of HTML, and nothing else (RFC 5322, 2045, 2046). */
export function messageIn(source: string): Message {
  const { fields, body } = partIn(source);
  const boundary = /^multipart\/alternative;.*boundary="([^"]+)"/.exec(fieldOf(fields, 'content-type') ?? '')?.[1];
  if (!boundary) throw new Error('The message has not both forms.');
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => partIn(part.replace(/^\r\n|\r\n$/g, '')));
  const content = (type: string) => {
    const [part, ...more] = parts.filter((candidate) => fieldOf(candidate.fields, 'content-type')?.startsWith(type));
    if (!part || more.length > 0) throw new Error(`The message has not one part of ${type}.`);
    if (!fieldOf(part.fields, 'content-type')?.toLowerCase().endsWith('charset=utf-8')) throw new Error('Not in UTF-8');
    return decoded(part.body, fieldOf(part.fields, 'content-transfer-encoding')).replaceAll('\r\n', '\n');
  };
  if (parts.length !== 2) throw new Error(`The message has ${parts.length} parts.`);
  return {
    fields,
    subject: words(fieldOf(fields, 'subject') ?? ''),
    text: content('text/plain'),
    html: content('text/html'),
  };
}

/** The value of the only header field of a name; undefined if there is none. */
export function fieldOf(fields: Message['fields'], name: string): string | undefined {
  const values = fields.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value);
  if (values.length > 1) throw new Error(`There are ${values.length} fields ${name}.`);
  return values[0];
}

function partIn(source: string): { fields: Message['fields']; body: string } {
  const end = source.indexOf('\r\n\r\n');
  const fields = source
    .slice(0, end)
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .map((line) => {
      const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`Not a header field: ${line}`);
      return { name, value: value! };
    });
  return { fields, body: source.slice(end + 4) };
}

function decoded(body: string, encoding: string | undefined): string {
  switch (encoding?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return quoted(body.replace(/=\r\n/g, ''));
    default:
      return body;
  }
}

function quoted(text: string): string {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

/** Encoded words (RFC 2047): the space between two of them is not part of the text. */
function words(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      encoding.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString('utf8') : quoted(word.replaceAll('_', ' ')),
    );
}
