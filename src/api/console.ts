import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The built console: `npm run build:console` makes it. */
export const CONSOLE_FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'console');

/** Addresses that are never a page of the console. */
const NOT_A_PAGE = /^\/(api|assets|docs|fsi|openapi\.json|health|metrics)(\/|$)/;

/**
 * Serves the console: its files, and its one page at every other address that a browser asks a page of. Each answer of
 * the page has a nonce of its own, without which the browser takes no style element.
 * @returns answers a request that no route took, when it asks for a page; false otherwise
 */
export async function serveConsole(
  server: FastifyInstance,
  folder: string = CONSOLE_FOLDER,
): Promise<(request: FastifyRequest, reply: FastifyReply) => boolean> {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) return () => false;
  await server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    // their names carry a hash of their content
    immutable: true,
    maxAge: '365d',
  });
  return (request, reply) => {
    const path = request.url.split('?')[0]!;
    if (request.method !== 'GET' || NOT_A_PAGE.test(path)) return false;
    if (!(request.headers.accept ?? '').includes('text/html')) return false;
    const nonce = randomBytes(18).toString('base64url');
    reply
      .code(200)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .send(
        readFileSync(index, 'utf8').replace(
          'name="csp-nonce" content=""',
          `name="csp-nonce" content="${nonce}"`,
        ),
      );
    return true;
  };
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // charts are SVG whose elements carry style attributes; attributes load nothing and run nothing
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
