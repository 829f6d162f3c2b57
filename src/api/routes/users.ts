import type { Store } from '#engine/postgres/store.ts';
import { enrolmentErrors, readPersonFile } from '#enrolment/index.ts';
import { changeUser, makeUser, resetPassword } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  changeUserBody,
  newUserBody,
  oneTimePasswordSchema,
  userPage,
  userParams,
  userQuery,
  userSchema,
} from '../contract/user.ts';
import { answerList, type ListSource, type RunQuery } from '../list.ts';
import { maskText } from '../mask.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const USERS: ListSource = {
  from: `(SELECT login, display_name AS "displayName", role, institution_code AS "institutionCode",
    psn_no AS "psnNo",
    must_change_password AS "mustChangePassword", is_disabled AS "isDisabled",
    oidc_subject IS NOT NULL AS "isLinked" FROM user_account) AS t`,
  key: 'login',
  columns: {
    login: { title: { zh: '用户名', en: 'Login' }, filter: 'begins' },
    displayName: { title: { zh: '姓名', en: 'Name' } },
    role: { title: { zh: '角色', en: 'Role' }, filter: 'equal' },
    institutionCode: { title: { zh: '机构代码', en: 'Institution' }, filter: 'begins' },
    psnNo: { title: { zh: '人员编号', en: 'Personal number' } },
    mustChangePassword: { title: { zh: '须改密码', en: 'Must change password' } },
    isDisabled: { title: { zh: '停用', en: 'Disabled' } },
    isLinked: { title: { zh: '统一身份', en: 'Linked' } },
  },
};

/** Whose file a user sees is nobody's to read in the list of users. */
const maskNumber = <User extends { readonly psnNo?: unknown }>(user: User): User => ({
  ...user,
  psnNo: typeof user.psnNo === 'string' ? maskText('psn_no', user.psnNo) : null,
});
const maskedNumbers =
  (run: RunQuery): RunQuery =>
  async (sql, parameters) =>
    (await run(sql, parameters)).map(maskNumber);

/** @throws YibaoError for a number nobody has */
async function checkPerson(store: Store, psnNo: string | null | undefined): Promise<void> {
  if (psnNo === null || psnNo === undefined) return;
  if ((await readPersonFile(store, psnNo)) !== undefined) return;
  throw new YibaoError({ definition: enrolmentErrors.noSuchPerson, field: 'psnNo', value: psnNo });
}

export const userRoutes = [
  route({
    method: 'GET',
    url: '/api/users',
    action: 'user.read',
    summary: { zh: '用户列表', en: 'the users' },
    query: userQuery,
    answer: userPage,
    handle: async ({ query }, context) =>
      answerList(USERS, query, maskedNumbers(inStore(context.store)), context),
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
      await checkPerson(store, body.psnNo);
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
      await checkPerson(store, body.psnNo);
      return maskNumber(await changeUser(store, params.login, change));
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
