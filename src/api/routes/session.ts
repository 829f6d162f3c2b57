import {
  checkLogin,
  csrfTokenOf,
  endSession,
  findSession,
  freshPassword,
  readPermissions,
  type Session,
  setPassword,
  startSession,
} from '#identity/index.ts';
import { loginBody, passwordBody, type SessionBody, sessionSchema } from '../contract/session.ts';
import { emptyAnswer, SESSION_COOKIE, setSessionCookie } from '../register.ts';
import { lastly, route } from '../route.ts';

const LOGINS_PER_MINUTE = 30;
const permissions = readPermissions();

export const sessionRoutes = [
  route({
    method: 'POST',
    url: '/api/session',
    action: 'session.start',
    summary: { zh: '登录', en: 'sign in' },
    body: loginBody,
    answer: sessionSchema,
    isSecret: true,
    requestsPerMinute: LOGINS_PER_MINUTE,
    handle: async ({ body }, context) => {
      const { store, request, note } = context;
      note({ login: body.login });
      // outside of the transaction: a wrong password counts although the request is refused
      const user = await checkLogin(store, body.login, body.password);
      return lastly(async (db) => {
        const before = request.cookies[SESSION_COOKIE];
        if (before !== undefined) await endSession(db, before);
        const token = await startSession(db, user.login);
        setSessionCookie(context, token);
        return sessionBody({ user, csrfToken: csrfTokenOf(token) });
      });
    },
  }),
  route({
    method: 'GET',
    url: '/api/session',
    action: 'session.read',
    summary: { zh: '当前用户', en: 'who is signed in' },
    answer: sessionSchema,
    beforePasswordChange: true,
    handle: async (_parts, { session }) => sessionBody(session!),
  }),
  route({
    method: 'DELETE',
    url: '/api/session',
    action: 'session.end',
    summary: { zh: '退出登录', en: 'sign out' },
    answer: emptyAnswer,
    beforePasswordChange: true,
    inTransaction: true,
    handle: async (_parts, { store, request, reply }) => {
      await endSession(store, request.cookies[SESSION_COOKIE]!);
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return {};
    },
  }),
  route({
    method: 'PUT',
    url: '/api/session/password',
    action: 'password.change',
    summary: { zh: '修改自己的密码', en: "change one's own password" },
    body: passwordBody,
    answer: sessionSchema,
    isSecret: true,
    requestsPerMinute: LOGINS_PER_MINUTE,
    beforePasswordChange: true,
    handle: async ({ body }, { store, login, request }) => {
      const { oldPassword, newPassword } = body;
      const passwordHash = await freshPassword(store, login, oldPassword, newPassword);
      return lastly(async (db) => {
        await setPassword(db, login, passwordHash);
        return sessionBody((await findSession(db, request.cookies[SESSION_COOKIE]!))!);
      });
    },
  }),
];

const sessionBody = ({ user, csrfToken }: Session): SessionBody => ({
  login: user.login,
  displayName: user.displayName,
  role: user.role,
  institutionCode: user.institutionCode,
  mustChangePassword: user.mustChangePassword,
  csrfToken,
  actions: permissions.actions.filter((action) => permissions.reach(action, user.role) !== 'none'),
});
