import { transaction } from '#engine/postgres/store.ts';
import {
  appendAudit,
  findUser,
  identityErrors,
  setOidcSubject,
  startSession,
  userOfSubject,
} from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { oidcCallbackQuery, oidcInfo, oidcSubjectBody } from '../contract/oidc.ts';
import { userParams } from '../contract/user.ts';
import { apiErrors } from '../errors.ts';
import { emptyAnswer, setSessionCookie } from '../register.ts';
import { type Context, route } from '../route.ts';

const FLOW_COOKIE = 'yibao_oidc';
const FLOW_SECONDS = 600;
const REQUESTS_PER_MINUTE = 60;

/** Login with the provider of OpenID Connect that the service was started with. */
export const oidcRoutes = [
  route({
    method: 'GET',
    url: '/api/oidc',
    action: 'session.start',
    summary: { zh: '是否可用统一身份登录', en: 'whether login with OpenID Connect is offered' },
    answer: oidcInfo,
    handle: async (_parts, { oidc }) => ({ isAvailable: oidc !== undefined, issuer: oidc?.issuer ?? null }),
  }),
  route({
    method: 'GET',
    url: '/api/oidc/start',
    action: 'session.start',
    summary: { zh: '转到身份提供方登录', en: 'go to the provider to sign in' },
    requestsPerMinute: REQUESTS_PER_MINUTE,
    handle: async (_parts, context) => {
      const provider = providerOf(context);
      const begun = await provider.begin(callbackAddress(context)).catch((error: unknown) => {
        if (error instanceof YibaoError) return error;
        throw error;
      });
      if (begun instanceof YibaoError) return toSignIn(context, begun);
      const { address, flow } = begun;
      context.reply.setCookie(FLOW_COOKIE, JSON.stringify(flow), {
        httpOnly: true,
        // the browser comes back from another site
        sameSite: 'lax',
        secure: context.request.protocol === 'https',
        path: '/api/oidc',
        maxAge: FLOW_SECONDS,
      });
      return context.reply.redirect(address);
    },
  }),
  route({
    method: 'GET',
    url: '/api/oidc/callback',
    action: 'session.start',
    summary: { zh: '身份提供方返回', en: 'back from the provider' },
    query: oidcCallbackQuery,
    requestsPerMinute: REQUESTS_PER_MINUTE,
    handle: async (_parts, context) => {
      const { store, request, reply } = context;
      const provider = providerOf(context);
      const flow = flowOf(request.cookies[FLOW_COOKIE]);
      reply.clearCookie(FLOW_COOKIE, { path: '/api/oidc' });
      const entry = { role: 'nobody', action: 'session.start', subject: 'GET /api/oidc/callback' };
      try {
        if (flow === undefined) throw new YibaoError({ definition: identityErrors.oidcRefused });
        const query = request.url.slice(request.url.indexOf('?') + 1);
        const subject = await provider.end(new URL(`${callbackAddress(context)}?${query}`), flow);
        const user = await userOfSubject(store, provider.issuer, subject);
        const token = await transaction(store, async (db) => {
          await appendAudit(db, { ...entry, login: user.login, role: user.role, outcome: 'done' });
          return startSession(db, user.login);
        });
        setSessionCookie(context, token);
        return reply.redirect('/');
      } catch (error) {
        if (!(error instanceof YibaoError)) throw error;
        const reason = error.problems[0]!.definition.code;
        await appendAudit(store, { ...entry, login: '', outcome: 'refused', detail: { reason } });
        return toSignIn(context, error);
      }
    },
  }),
  route({
    method: 'PUT',
    url: '/api/users/:login/oidc',
    action: 'user.write',
    summary: { zh: '绑定统一身份', en: 'give a user a subject of the provider' },
    params: userParams,
    body: oidcSubjectBody,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const { store, note } = context;
      const provider = providerOf(context);
      if ((await findUser(store, params.login)) === undefined) {
        throw new YibaoError({ definition: identityErrors.noSuchUser, field: 'login', value: params.login });
      }
      note({ login: params.login, isLinked: body.subject !== null });
      await setOidcSubject(store, params.login, provider.issuer, body.subject);
      return {};
    },
  }),
];

/** A person looks at this, not a program: the sign-in page says why. */
const toSignIn = ({ reply }: Context, { problems }: YibaoError) =>
  reply.redirect(`/?refused=${problems[0]!.definition.code}`);

function providerOf({ oidc }: Context): NonNullable<Context['oidc']> {
  if (oidc === undefined) throw new YibaoError({ definition: apiErrors.notFound });
  return oidc;
}

const callbackAddress = ({ request, publicAddress }: Context): string =>
  `${publicAddress ?? `${request.protocol}://${request.host}`}/api/oidc/callback`;

function flowOf(cookie: string | undefined) {
  try {
    const { state, nonce, verifier } = JSON.parse(cookie ?? '');
    return [state, nonce, verifier].every((part) => typeof part === 'string')
      ? { state: state as string, nonce: nonce as string, verifier: verifier as string }
      : undefined;
  } catch {
    return undefined;
  }
}
