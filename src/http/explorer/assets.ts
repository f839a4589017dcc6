import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';

const compress = promisify(gzip);

/** Found without loading the package, which takes longer than all the rest of what a start loads for explorers. */
const manifest = createRequire(import.meta.url).resolve('altair-static/package.json');

/** Altair's files, and where they are served: with the version in the address, so that each may be kept for ever. */
export const altair = {
  folder: join(dirname(manifest), 'build/dist'),
  path: `explorer/${(JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version}`,
};

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

interface Asset {
  file: string;
  type: string;
  size: number;
  /** Made when first asked for, and kept: there are two megabytes of them at most. Null for what is compressed already. */
  compressed: (() => Promise<Buffer>) | null;
}

/** Serves the files of Altair's package, each by its very name: what is not in the list is not there. */
export function serveAltair(app: FastifyInstance): void {
  const assets = new Map(listAssets().map((asset) => [nameOf(asset), asset]));
  app.get<{ Params: { '*': string } }>(`/${altair.path}/*`, async (request, reply) => {
    const name = request.params['*'];
    const asset = assets.get(name);
    if (!asset) return reply.callNotFound();
    reply.type(asset.type).header('cache-control', 'public, max-age=31536000, immutable');
    if (!asset.compressed) return sendFile(reply, asset);
    reply.header('vary', 'Origin, Accept-Encoding');
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return sendFile(reply, asset);
    return reply.header('content-encoding', 'gzip').send(await asset.compressed());
  });
}

function sendFile(reply: FastifyReply, { file, size }: Asset): FastifyReply {
  return reply.header('content-length', size).send(createReadStream(file));
}

function listAssets(): Asset[] {
  const entries = readdirSync(altair.folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && extname(entry.name) in types)
    .map((entry) => assetOf(join(entry.parentPath, entry.name)));
}

function assetOf(file: string): Asset {
  const type = types[extname(file)]!;
  const isText = type.endsWith('utf-8') || type.endsWith('svg+xml');
  return { file, type, size: statSync(file).size, compressed: isText ? compressedOnce(file) : null };
}

function nameOf({ file }: Asset): string {
  return relative(altair.folder, file).split(sep).join('/');
}

function compressedOnce(file: string): () => Promise<Buffer> {
  let compressed: Promise<Buffer> | undefined;
  return () => {
    compressed ??= readFile(file).then((content) => compress(content));
    return compressed;
  };
}
