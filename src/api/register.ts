import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Store, transaction } from '#engine/postgres/store.ts';
import {
  appendAudit,
  findSession,
  identityErrors,
  isCsrfToken,
  type Permissions,
  SESSION_HOURS_MAX,
  type Session,
} from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { problemSchema } from './contract/problem.ts';
import {
  type Answer,
  type Claim,
  claimOf,
  forgetOldKeys,
  freeKey,
  keepAnswer,
  takeKey,
} from './idempotency.ts';
import { languageOf } from './language.ts';
import { problemsOf, statusOf } from './problems.ts';
import { type Context, LastStep, type Route, type Services } from './route.ts';

export const SESSION_COOKIE = 'yibao_session';

/**
 * Puts a route into the server: who may use it, idempotency and audit are the same for all, whatever the handler.
 * @throws when permissions.csv has no such action: the server does not start then
 */
export function registerRoute(
  server: FastifyInstance,
  route: Route,
  services: Services,
  permissions: Permissions,
): void {
  permissions.reach(route.action, 'nobody');
  const title = permissions.titles.get(route.action)!;
  const isWrite = route.method !== 'GET';
  server.route({
    method: route.method,
    url: route.url,
    ...(route.requestsPerMinute === undefined
      ? {}
      : { config: { rateLimit: { max: route.requestsPerMinute, timeWindow: 60_000 } } }),
    // before the request is validated: who may not, learns nothing
    onRequest: async (request, reply) => {
      const session = await sessionOf(request, services);
      const { context, refusal } = admit(request, reply, session);
      request.yibao = context;
      if (refusal === undefined) return;
      if (session !== undefined)
        await audit(services.store, context, 'refused', { reason: refusal.problems[0]!.definition.code });
      throw refusal;
    },
    schema: {
      summary: route.summary.en,
      description: `${route.summary.zh}\n\nAction \`${route.action}\` (${title.zh})`,
      tags: [route.url.split('/')[2] ?? 'service'],
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { querystring: route.query } : {}),
      ...(route.body ? { body: route.body } : {}),
      response: {
        ...(route.answer ? { [route.status ?? 200]: route.answer } : {}),
        '4xx': problemSchema,
      },
    },
    handler: async (request, reply) => {
      const context = request.yibao!;
      const parts = { params: request.params, query: request.query, body: request.body } as never;
      try {
        if (!isWrite) {
          const body = await route.handle(parts, context);
          if (reply.sent || body === reply) return reply;
          return reply.code(route.status ?? 200).send(body);
        }
        const claim = route.isSecret ? undefined : claimOf(context.login, request);
        if (claim) await forgetOldKeys(services.store);
        const answer = await (route.inTransaction ? writeInTransaction : writeInSteps)(parts, context, claim);
        for (const work of context.after) {
          // it is written down: what fails here is taken up again, and the caller has what was asked for
          await (async () => work(services.store))().catch((error: unknown) => request.log.error(error));
        }
        if (answer.isReplayed) reply.header('idempotency-replayed', 'true');
        return reply.code(answer.status).send(answer.body);
      } catch (error) {
        const problem = problemsOf(error)[0]!;
        const outcome = outcomeOf(statusOf(problem), context);
        if (isWrite || outcome === 'refused')
          await audit(services.store, context, outcome, {
            ...context.noted,
            reason: problem.definition.code,
          });
        throw error;
      }
    },
  });

  type Written = Answer & { readonly isReplayed: boolean };

  /** What the handler writes, the answer kept for the key and the audit entry stand or fall together. */
  async function writeInTransaction(
    parts: never,
    context: RequestContext,
    claim: Claim | undefined,
  ): Promise<Written> {
    return transaction(services.store, async (db) => {
      const before = claim && (await takeKey(db, claim));
      if (before) return { ...before, isReplayed: true };
      const runTables = tablesFor(context.institution, db);
      const body = await route.handle(parts, { ...context, store: db, runTables });
      const answer = { status: route.status ?? 200, body };
      if (claim) await keepAnswer(db, claim, answer);
      await audit(db, context, 'done', context.noted);
      return { ...answer, isReplayed: false };
    });
  }

  /** For what is not only in the store, or must be kept although it fails: the key is taken before, all else follows. */
  async function writeInSteps(
    parts: never,
    context: RequestContext,
    claim: Claim | undefined,
  ): Promise<Written> {
    const { store } = services;
    const before = claim && (await takeKey(store, claim));
    if (before) return { ...before, isReplayed: true };
    try {
      const result = await route.handle(parts, context);
      return await transaction(store, async (db) => {
        const body = result instanceof LastStep ? await result.write(db) : result;
        const answer: Answer = { status: route.status ?? 200, body };
        if (claim) await keepAnswer(db, claim, answer);
        await audit(db, context, 'done', context.noted);
        return { ...answer, isReplayed: false };
      });
    } catch (error) {
      if (claim) await freeKey(store, claim);
      throw error;
    }
  }

  function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session | undefined,
  ): { context: RequestContext; refusal?: YibaoError } {
    const noted: Record<string, unknown> = {};
    const after: AfterWork[] = [];
    const reach = permissions.reach(route.action, session?.user.role ?? 'nobody');
    const institution = reach === 'own' ? (session?.user.institutionCode ?? '') : undefined;
    const context: RequestContext = {
      ...services,
      runTables: tablesFor(institution, services.store),
      session,
      login: session?.user.login ?? '',
      language: languageOf(request.headers['accept-language']),
      reach,
      institution,
      psnNo: reach === 'own' ? (session?.user.psnNo ?? undefined) : undefined,
      note: (detail) => void Object.assign(noted, detail),
      noted,
      afterwards: (work) => void after.push(work),
      after,
      request,
      reply,
    };
    const refuse = (definition: (typeof identityErrors)[keyof typeof identityErrors]) => ({
      context,
      refusal: new YibaoError({ definition, parameters: { titleZh: title.zh, titleEn: title.en } }),
    });
    if (reach === 'none') return refuse(session ? identityErrors.notAllowed : identityErrors.notSignedIn);
    if (session && permissions.reach(route.action, 'nobody') === 'none') {
      if (session.user.mustChangePassword && !route.beforePasswordChange) {
        return refuse(identityErrors.passwordMustChange);
      }
      if (isWrite && !isCsrfToken(session, request.headers['x-csrf-token'] as string | undefined)) {
        return refuse(identityErrors.forgedRequest);
      }
    }
    return { context };
  }

  /** The tables of runs as the caller may see them, whatever the route asks of them. */
  function tablesFor(institution: string | undefined, store: Store): Context['runTables'] {
    return { of: (runId) => services.runTables.of(runId, { institution, store }) };
  }

  async function audit(
    store: Store,
    context: RequestContext,
    outcome: 'done' | 'refused' | 'failed',
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await appendAudit(store, {
      login: context.login,
      role: context.session?.user.role ?? 'nobody',
      action: route.action,
      subject: `${route.method} ${context.request.url.split('?')[0]!.slice(0, 500)}`,
      outcome,
      detail,
    });
  }
}

/** What belongs to another institution is not there for a user of one: asking for it is an attempt that was refused. */
const outcomeOf = (status: number, { institution }: Context): 'refused' | 'failed' =>
  [401, 403, 429].includes(status) || (status === 404 && institution !== undefined) ? 'refused' : 'failed';

export type RequestContext = Context & {
  readonly noted: Record<string, unknown>;
  readonly after: readonly AfterWork[];
};
type AfterWork = Parameters<Context['afterwards']>[0];

declare module 'fastify' {
  interface FastifyRequest {
    yibao?: RequestContext;
  }
}

async function sessionOf(request: FastifyRequest, services: Services): Promise<Session | undefined> {
  const token = request.cookies[SESSION_COOKIE];
  return token === undefined ? undefined : findSession(services.store, token);
}

/** The browser keeps the session, and sends it to this service alone. */
export function setSessionCookie({ reply, request }: Context, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    path: '/',
    maxAge: SESSION_HOURS_MAX * 3600,
  });
}

export const emptyAnswer = z.object({});
