import type { ErrorDefinition } from '#kernel/errors.ts';

export const identityErrors = {
  wrongLogin: {
    code: 'identity.wrong-login',
    exit: 4,
    message: { zh: '用户名或密码不对', en: 'login or password is wrong' },
    remedy: {
      zh: '核对后重试；多次失败将暂时锁定',
      en: 'check both and try again; repeated failures lock the login for a while',
    },
  },
  locked: {
    code: 'identity.locked',
    exit: 4,
    message: { zh: '登录失败次数过多，已锁定', en: 'locked after too many failed logins' },
    remedy: {
      zh: '{minutes} 分钟后重试，或请管理员重设密码',
      en: 'try again in {minutes} minutes, or ask an administrator for a new password',
    },
  },
  notSignedIn: {
    code: 'identity.not-signed-in',
    exit: 4,
    message: { zh: '尚未登录或登录已过期', en: 'not signed in, or the session has ended' },
    remedy: { zh: '请登录', en: 'sign in' },
  },
  notAllowed: {
    code: 'identity.not-allowed',
    exit: 4,
    message: { zh: '您的角色不能“{titleZh}”', en: 'your role may not: {titleEn}' },
    remedy: { zh: '请有权限的同事办理，或联系管理员', en: 'ask a colleague who may, or an administrator' },
  },
  otherInstitution: {
    code: 'identity.other-institution',
    exit: 4,
    message: { zh: '只能查看本机构的数据', en: 'only the data of your own institution can be seen' },
    remedy: { zh: '改查本机构', en: 'ask for your own institution' },
  },
  passwordMustChange: {
    code: 'identity.password-must-change',
    exit: 4,
    message: { zh: '一次性密码必须先修改', en: 'the one-time password must be changed first' },
    remedy: { zh: '修改密码后继续', en: 'change the password, then go on' },
  },
  passwordShort: {
    code: 'identity.password-short',
    exit: 3,
    message: {
      zh: '密码应为 {min} 至 {max} 个字符，且不同于原密码',
      en: 'a password has {min} to {max} characters and differs from the old one',
    },
    remedy: { zh: '换一个更长的密码', en: 'choose a longer one' },
  },
  oidcSettings: {
    code: 'identity.oidc-settings',
    exit: 2,
    message: {
      zh: 'YIBAO_OIDC_ISSUER、YIBAO_OIDC_CLIENT_ID、YIBAO_OIDC_CLIENT_SECRET 必须一起设置，ISSUER 为网址',
      en: 'YIBAO_OIDC_ISSUER, YIBAO_OIDC_CLIENT_ID and YIBAO_OIDC_CLIENT_SECRET go together, and the issuer is an address',
    },
    remedy: { zh: '补全三项，或都不设', en: 'set all three or none' },
  },
  oidcUnavailable: {
    code: 'identity.oidc-unavailable',
    exit: 5,
    message: { zh: '身份提供方没有应答', en: 'the provider of the login does not answer' },
    remedy: { zh: '稍后再试，或用密码登录', en: 'try again later, or sign in with a password' },
  },
  oidcRefused: {
    code: 'identity.oidc-refused',
    exit: 4,
    message: { zh: '统一身份登录没有成功', en: 'the login with the provider did not succeed' },
    remedy: { zh: '重新登录', en: 'sign in again' },
  },
  oidcUnknownUser: {
    code: 'identity.oidc-unknown-user',
    exit: 4,
    message: { zh: '这个统一身份没有绑定用户', en: 'no user has this subject of the provider' },
    remedy: { zh: '请管理员绑定', en: 'ask an administrator to link it' },
  },
  oidcSubjectTaken: {
    code: 'identity.oidc-subject-taken',
    exit: 4,
    message: { zh: '这个统一身份已绑定另一用户', en: 'another user has this subject of the provider' },
    remedy: { zh: '先从那个用户解除', en: 'take it away from that user first' },
  },
  forgedRequest: {
    code: 'identity.forged-request',
    exit: 4,
    message: { zh: '请求缺少正确的 X-CSRF-Token', en: 'the request lacks the right X-CSRF-Token' },
    remedy: { zh: '刷新页面后重试', en: 'reload the page and try again' },
  },
  loginTaken: {
    code: 'identity.login-taken',
    exit: 4,
    message: { zh: '用户名已存在', en: 'the login exists already' },
    remedy: { zh: '换一个用户名', en: 'choose another login' },
  },
  noSuchUser: {
    code: 'identity.no-such-user',
    exit: 3,
    message: { zh: '没有这个用户', en: 'there is no such user' },
    remedy: { zh: '核对用户名', en: 'check the login' },
  },
  hospitalNeedsInstitution: {
    code: 'identity.institution-of-role',
    exit: 3,
    message: {
      zh: '医疗机构用户必须有机构代码，专家可以有，其他角色不能有',
      en: 'hospital users have an institution code, experts may have one, other roles have none',
    },
    remedy: { zh: '补上或去掉机构代码', en: 'add or remove the institution code' },
  },
  personNeedsNumber: {
    code: 'identity.person-of-role',
    exit: 3,
    message: {
      zh: '参保人用户必须有人员编号，其他角色不能有',
      en: 'users who are insured persons have a personal number, other roles have none',
    },
    remedy: { zh: '补上或去掉人员编号', en: 'add or remove the personal number' },
  },
} satisfies Record<string, ErrorDefinition>;
