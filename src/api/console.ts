import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The built console: `npm run build:console` makes it. */
export const CONSOLE_FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'console');

/** Addresses that are never a page of the console. */
const NOT_A_PAGE = /^\/(api|assets|docs|fsi|openapi\.json|health|metrics)(\/|$)/;

/**
 * Serves the console: its files, and its one page at every other address that a browser asks a page of. Each answer of
 * the page has a nonce of its own, without which the browser takes no style element. While the console is being built, a
 * page that says so stands in its place.
 * @returns answers a request that no route took, when it asks for a page; false otherwise
 */
export async function serveConsole(
  server: FastifyInstance,
  folder: string = CONSOLE_FOLDER,
): Promise<(request: FastifyRequest, reply: FastifyReply) => boolean> {
  const index = join(folder, 'index.html');
  await server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    // it may be built later
    suppressWarning: true,
    prefix: '/assets/',
    // their names carry a hash of their content
    immutable: true,
    maxAge: '365d',
  });
  let page: { readonly text: string; readonly builtAt: number } | undefined;
  return (request, reply) => {
    const path = request.url.split('?')[0]!;
    if (request.method !== 'GET' || NOT_A_PAGE.test(path)) return false;
    // the address of the service itself is a page whatever is asked for
    if (path !== '/' && !(request.headers.accept ?? '').includes('text/html')) return false;
    const builtAt = statSync(index, { throwIfNoEntry: false })?.mtimeMs;
    if (builtAt !== undefined && builtAt !== page?.builtAt)
      page = { text: readFileSync(index, 'utf8'), builtAt };
    const nonce = randomBytes(18).toString('base64url');
    const text = page === undefined ? NOT_BUILT_YET : page.text;
    reply
      .code(page === undefined ? 503 : 200)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .send(text.replace('name="csp-nonce" content=""', `name="csp-nonce" content="${nonce}"`));
    return true;
  };
}

/** Asks for itself again every two seconds, until the console is there. */
const NOT_BUILT_YET = `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="refresh" content="2" />
    <title>OpenYibao</title>
  </head>
  <body>
    <h1>OpenYibao</h1>
    <p>网页正在构建，几秒后自动打开。接口文档见 <a href="/docs">/docs</a>。</p>
    <p lang="en">The console is being built and opens by itself in a few seconds. Interface documentation: <a href="/docs">/docs</a>.</p>
  </body>
</html>
`;

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
