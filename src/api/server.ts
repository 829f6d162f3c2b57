import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';
import { readPermissions } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { serveConsole } from './console.ts';
import { apiErrors } from './errors.ts';
import { sendProblem } from './problems.ts';
import { registerRoute } from './register.ts';
import type { Services } from './route.ts';
import { ROUTES } from './routes/index.ts';

const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** Of what is uploaded; it goes to disk as it comes. */
const FILE_BYTES_MAX = 8 * 2 ** 30;
const FILES_MAX = 2_000;

export type ServerOptions = {
  /** where the log goes; undefined: no log */
  readonly log?: { write(line: string): unknown };
  readonly version: string;
  /** behind a proxy that ends TLS: believe its headers */
  readonly trustProxy?: boolean;
};

/** The service with all its routes, not listening yet. */
export async function buildServer(services: Services, options: ServerOptions): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: options.trustProxy ?? false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 300 },
    // addresses and headers may hold personal data: method, path without query and status are enough
    logger: options.log
      ? {
          stream: options.log,
          serializers: {
            req: (request) => ({ method: request.method, path: request.url?.split('?')[0] }),
          },
          redact: ['req.headers', 'body', 'query'],
        }
      : false,
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(sendProblem);
  measure(server);

  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  await server.register(cookie);
  await server.register(rateLimit, { global: false });
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'OpenYibao', version: options.version, license: { name: 'Apache-2.0' } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  const permissions = readPermissions();
  for (const route of ROUTES.filter(({ takesFiles }) => !takesFiles)) {
    registerRoute(server, route, services, permissions);
  }
  await server.register(async (scope) => {
    await scope.register(multipart, {
      preservePath: true,
      limits: { fileSize: FILE_BYTES_MAX, files: FILES_MAX, fields: 0 },
    });
    for (const route of ROUTES.filter(({ takesFiles }) => takesFiles)) {
      registerRoute(scope, route, services, permissions);
    }
  });
  const showPage = await serveConsole(server);
  server.setNotFoundHandler((request, reply) => {
    if (showPage(request, reply)) return reply;
    return sendProblem(
      new YibaoError({ definition: apiErrors.notFound, value: request.url.split('?')[0]! }),
      request,
      reply,
    );
  });
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  return server;
}

/** Time of every answer by method, route and status, for Prometheus. */
function measure(server: FastifyInstance): void {
  if (register.getSingleMetric('yibao_http_request_seconds') === undefined) collectDefaultMetrics();
  const seconds =
    (register.getSingleMetric('yibao_http_request_seconds') as Histogram | undefined) ??
    new Histogram({
      name: 'yibao_http_request_seconds',
      help: 'time from request to answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    });
  server.addHook('onResponse', async (request, reply) => {
    seconds.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
}
