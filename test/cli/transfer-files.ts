import { createHash } from 'node:crypto';
import type { Gateway } from '../../src/gateway.js';
import { exportOrganization, snapshot } from '../../src/modules/transfer/export.service.js';
import { type ImportOptions, importOrganization } from '../../src/modules/transfer/import.service.js';
import { newId } from '../../src/platform/id.js';
import { inLongTransaction } from '../../src/platform/long-transaction.js';

/** A line of a file, to be changed at will. */
export type FileRecord = { type: string; [field: string]: unknown };

export async function exported(url: string, organization: string): Promise<FileRecord[]> {
  let text = '';
  await inLongTransaction({
    url,
    patienceMs: 5_000,
    begin: snapshot,
    keep: false,
    work: async (run) => {
      for await (const lines of exportOrganization(run, { organization, withPasswordHashes: false })) text += lines;
    },
  });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** A whole file of these records, as somebody would write it who knows how: the trailer fits whatever stands before. */
export function fileOf(records: readonly FileRecord[]): string {
  const lines = records.filter(({ type }) => type !== 'trailer');
  const counts = { ...(records.find(({ type }) => type === 'trailer')?.counts as Record<string, number>) };
  for (const name of Object.keys(counts)) counts[name] = lines.filter(({ type }) => type === name).length;
  const before = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = createHash('sha256').update(before).digest('hex');
  return `${before}${JSON.stringify({ type: 'trailer', counts, sha256 })}\n`;
}

/** Imports a file within this process, in pieces of a few bytes more than a line. */
export function imported(
  { services }: Gateway,
  url: string,
  file: string | Buffer,
  options: Partial<ImportOptions> = {},
) {
  const bytes = Buffer.from(file);
  async function* pieces() {
    for (let start = 0; start < bytes.length; start += 1_009) yield bytes.subarray(start, start + 1_009);
  }
  return inLongTransaction({
    url,
    patienceMs: 5_000,
    begin: 'BEGIN',
    keep: true,
    work: (run) =>
      importOrganization(
        run,
        pieces(),
        { catalogue: services.catalogue, plans: services.plans, request: { id: newId(), ip: null, userAgent: null } },
        { asCopy: false, withPasswordHashes: false, trustUnproven: false, ...options },
      ),
  });
}
