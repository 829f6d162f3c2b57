import { changeUser, makeUser, resetPassword } from '#identity/index.ts';
import {
  changeUserBody,
  newUserBody,
  oneTimePasswordSchema,
  userPage,
  userParams,
  userQuery,
  userSchema,
} from '../contract/user.ts';
import { answerList, type ListSource } from '../list.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const USERS: ListSource = {
  from: `(SELECT login, display_name AS "displayName", role, institution_code AS "institutionCode",
    must_change_password AS "mustChangePassword", is_disabled AS "isDisabled",
    oidc_subject IS NOT NULL AS "isLinked" FROM user_account) AS t`,
  key: 'login',
  columns: {
    login: { title: { zh: '用户名', en: 'Login' }, filter: 'begins' },
    displayName: { title: { zh: '姓名', en: 'Name' } },
    role: { title: { zh: '角色', en: 'Role' }, filter: 'equal' },
    institutionCode: { title: { zh: '机构代码', en: 'Institution' }, filter: 'begins' },
    mustChangePassword: { title: { zh: '须改密码', en: 'Must change password' } },
    isDisabled: { title: { zh: '停用', en: 'Disabled' } },
    isLinked: { title: { zh: '统一身份', en: 'Linked' } },
  },
};

export const userRoutes = [
  route({
    method: 'GET',
    url: '/api/users',
    action: 'user.read',
    summary: { zh: '用户列表', en: 'the users' },
    query: userQuery,
    answer: userPage,
    handle: async ({ query }, context) => answerList(USERS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/users',
    action: 'user.write',
    summary: { zh: '建立用户，得到一次性密码', en: 'make a user and get the one-time password' },
    body: newUserBody,
    answer: oneTimePasswordSchema,
    isSecret: true,
    inTransaction: true,
    status: 201,
    handle: async ({ body }, { store, note }) => {
      note({ login: body.login, role: body.role });
      return { login: body.login, oneTimePassword: await makeUser(store, body) };
    },
  }),
  route({
    method: 'PATCH',
    url: '/api/users/:login',
    action: 'user.write',
    summary: { zh: '修改或停用用户', en: 'change or disable a user' },
    params: userParams,
    body: changeUserBody,
    answer: userSchema,
    inTransaction: true,
    handle: async ({ params, body }, { store, note }) => {
      note({ role: body.role, isDisabled: body.isDisabled });
      const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      return changeUser(store, params.login, change);
    },
  }),
  route({
    method: 'POST',
    url: '/api/users/:login/password',
    action: 'user.write',
    summary: { zh: '重设密码并解除锁定', en: 'a new one-time password, which also unlocks' },
    params: userParams,
    answer: oneTimePasswordSchema,
    isSecret: true,
    inTransaction: true,
    handle: async ({ params }, { store }) => ({
      login: params.login,
      oneTimePassword: await resetPassword(store, params.login),
    }),
  }),
];
