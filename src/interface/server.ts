import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Headers } from './dialect/index.ts';
import type { AttachedFile, Dispatcher } from './dispatcher.ts';
import { answerOf } from './envelope.ts';
import { exchange, type Request } from './exchange.ts';
import { errorMessage, Refusal, refuse } from './fault.ts';

/** The path of the on-premise service (interface.md §1.4), and those gateways put in front of it. */
const PATHS = ['/fsi/api/*', '/CSB', '/csb', '/CSB/*', '/ebus/*'] as const;

/** A message is 40,000 characters by the specification; real lists are longer, files much longer. */
const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** Types the server takes apart itself: of others, and of multipart without a boundary, the bytes are the message. */
const READABLE_TYPE = /^\s*(?!multipart\/(?!.*boundary=))[\w.+-]+\/[\w.+-]+\s*(;|$)/i;
/** Clients keep connections for a moment and may never close them. */
const KEEP_ALIVE_MILLISECONDS = 5000;

/**
 * Mounts the hospital interface on a server. Everything that arrives on its paths is answered in the national form, whatever is
 * wrong with it; only a gateway's own refusals have another form.
 */
export async function registerInterface(server: FastifyInstance, dispatcher: Dispatcher): Promise<void> {
  server.server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    await scope.register(multipart, {
      limits: { fileSize: FILE_BYTES_MAX, files: 1, fields: 20, fieldSize: MESSAGE_BYTES_MAX },
    });
    scope.addHook('onRequest', async ({ headers }) => {
      const type = headers['content-type'];
      if (type !== undefined && !READABLE_TYPE.test(type))
        headers['content-type'] = 'application/octet-stream';
    });
    // text/plain, application/json, nothing at all, or something nobody has heard of: the bytes are what counts
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
      unpacked(body, request.headers['content-encoding']),
    );
    scope.setErrorHandler((error, _request, reply) => {
      const { statusCode = 500, code } = error as { statusCode?: number; code?: string };
      if (!(error instanceof Refusal) && statusCode >= 500) throw error;
      const refusal =
        error instanceof Refusal
          ? error
          : code === 'FST_ERR_CTP_BODY_TOO_LARGE' || code === 'FST_REQ_FILE_TOO_LARGE'
            ? refuse('报文或文件过大', 'the message or file is too large')
            : refuse('请求无法读取', 'the request cannot be read');
      const now = dispatcher.clock();
      const text = errorMessage(refusal.faults, 'zh');
      void reply
        .code(200)
        .type('application/json;charset=UTF-8')
        .send(JSON.stringify(answerOf({ error: text }, '000000', now, dispatcher.clock())));
    });
    for (const url of PATHS) {
      scope.route({
        method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'],
        url,
        bodyLimit: MESSAGE_BYTES_MAX,
        config: { isPublic: true },
        handler: (request, reply) => answer(dispatcher, request, reply),
      });
    }
  });
}

const UNPACKERS = { gzip: gunzip, 'x-gzip': gunzip, deflate: inflate, br: brotliDecompress } as const;

/** @throws Refusal for what cannot be unpacked, or is too large then */
async function unpacked(body: Buffer, encoding = 'identity'): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const unpack = UNPACKERS[name as keyof typeof UNPACKERS];
  if (unpack === undefined) {
    throw refuse(
      '不支持该内容编码，可用gzip、deflate、br或不压缩',
      'use gzip, deflate, br or no content encoding',
      {
        field: 'Content-Encoding',
        value: encoding,
      },
    );
  }
  try {
    return await promisify(unpack as typeof gunzip)(body, { maxOutputLength: MESSAGE_BYTES_MAX });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw refuse('报文或文件过大', 'the message or file is too large');
    // some clients name the encoding and do not pack
    if (/^\s*\{/.test(body.toString('utf8', 0, 64))) return body;
    throw refuse('报文无法解压', 'the message cannot be unpacked', {
      field: 'Content-Encoding',
      value: encoding,
    });
  }
}

async function answer(
  dispatcher: Dispatcher,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (request.method !== 'POST') throw refuse('请以 POST 发送报文', 'send the message with POST');
  const response = await exchange(dispatcher, await requestOf(request));
  if (response.filename !== undefined) {
    reply.header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(response.filename)}`,
    );
  }
  return reply.code(response.status).type(response.contentType).send(response.body);
}

async function requestOf(request: FastifyRequest): Promise<Request> {
  const path = new URL(request.url, 'http://host').pathname;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  ) as Headers;
  if (!request.isMultipart()) {
    return { path, headers, body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0) };
  }
  try {
    return { path, headers, ...(await partsOf(request)) };
  } catch (error) {
    // whatever is wrong with the parts, the client wrote them
    if ((error as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE') {
      throw refuse('报文或文件过大', 'the message or file is too large');
    }
    throw refuse('multipart报文无法读取', 'the multipart message cannot be read');
  }
}

/** The part `jsonStr`, and the file of any other name. */
async function partsOf(request: FastifyRequest): Promise<Pick<Request, 'body' | 'file'>> {
  let body: Buffer = Buffer.alloc(0);
  let file: AttachedFile | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'file' && part.fieldname !== 'jsonStr') {
      const content = await part.toBuffer();
      const sha256 = createHash('sha256').update(content).digest('hex');
      file = { filename: part.filename, content, sha256 };
    } else if (part.type === 'file') body = await part.toBuffer();
    else if (part.fieldname === 'jsonStr') body = Buffer.from(String(part.value), 'utf8');
  }
  return { body, file };
}
