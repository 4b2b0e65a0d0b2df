import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { consolePages } from '../core/console-pages.ts';
import { SluiceError } from '../core/errors.ts';
import type { ApiApp } from './api-app.ts';
import { pageHeaders } from './not-found-page.ts';

/** Addresses of the console's pages. All of them are one document; its script shows the page of the address. */
const addresses = ['/', ...consolePages.map(({ name }) => `/${name}`)];

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The name has the hash of the content, so another content has another address. */
const FOREVER = 'public, max-age=31536000, immutable';

interface ServedFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly brotli: Buffer;
}

/**
 * Serves the console's page and its assets from memory. `folder`: what the build made, `dist/console`. Throws `INTERNAL` where it is
 * missing.
 */
export async function consoleFiles(app: ApiApp, folder: string): Promise<void> {
  const page = await read(join(folder, 'index.html'));
  for (const url of addresses)
    app.get(url, { schema: { hide: true } }, async (request, reply) =>
      send(request, reply.header('cache-control', 'no-cache'), page),
    );
  for (const name of await readdir(join(folder, 'assets'))) {
    const file = await read(join(folder, 'assets', name));
    app.get(`/assets/${name}`, { schema: { hide: true } }, async (request, reply) =>
      send(request, reply.header('cache-control', FOREVER), file),
    );
  }
}

const compress = promisify(brotliCompress);

async function read(path: string): Promise<ServedFile> {
  const plain = await readFile(path).catch((error: unknown) => {
    throw new SluiceError(
      'INTERNAL',
      `the console's file ${path} is missing; run "npm run build" in the package's folder`,
      { cause: error },
    );
  });
  const brotli = await compress(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return { type: types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream', plain, brotli };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, plain, brotli }: ServedFile,
): FastifyReply {
  const takesBrotli = /(?:^|,)\s*br\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/.test(
    String(request.headers['accept-encoding'] ?? ''),
  );
  reply.headers(pageHeaders).header('vary', 'accept-encoding').type(type);
  if (takesBrotli) reply.header('content-encoding', 'br');
  return reply.send(takesBrotli ? brotli : plain);
}
