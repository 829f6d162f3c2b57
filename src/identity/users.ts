import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { identityErrors } from './errors.ts';
import {
  hashPassword,
  isPassword,
  oneTimePassword,
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MIN,
} from './password.ts';
import type { Role } from './permissions.ts';
import './tables.ts';

export type User = {
  readonly login: string;
  readonly displayName: string;
  readonly role: Role;
  /** of hospital users: the only institution they see; of experts: where they work, if anywhere */
  readonly institutionCode: string | null;
  /** of insured persons: the only file they see */
  readonly psnNo: string | null;
  readonly mustChangePassword: boolean;
  readonly isDisabled: boolean;
};

export type NewUser = Pick<User, 'login' | 'displayName' | 'role' | 'institutionCode'> &
  Partial<Pick<User, 'psnNo'>>;

const FAILED_LOGINS_MAX = 5;
const LOCK_MINUTES = 15;

/** On an empty store: makes `admin` and returns its one-time password; undefined when there are users already. */
export async function makeFirstAdministrator(store: Store): Promise<string | undefined> {
  return transaction(store, async (db) => {
    const { users } = await db
      .selectFrom('user_account')
      .select(sql<number>`count(*)`.as('users'))
      .executeTakeFirstOrThrow();
    if (users > 0) return undefined;
    return makeUser(db, {
      login: 'admin',
      displayName: '管理员',
      role: 'administrator',
      institutionCode: null,
    });
  });
}

/**
 * Makes a user and returns the one-time password, which must be changed at the first login.
 * @param given a password that need not be changed instead: only for the invented users of the demo
 * @throws YibaoError identity.login-taken, identity.institution-of-role, identity.person-of-role
 */
export async function makeUser(store: Store, user: NewUser, given?: string): Promise<string> {
  checkInstitution(user);
  const password = given ?? oneTimePassword();
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('user_account')
    .values({
      login: user.login,
      display_name: user.displayName,
      role: user.role,
      institution_code: user.institutionCode,
      psn_no: user.psnNo ?? null,
      password_hash: await hashPassword(password),
      must_change_password: given === undefined,
    })
    .onConflict((conflict) => conflict.column('login').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) {
    throw new YibaoError({ definition: identityErrors.loginTaken, field: 'login', value: user.login });
  }
  return password;
}

/** Changes what is given. A user who is disabled or gets another role is signed out everywhere. */
export async function changeUser(
  store: Store,
  login: string,
  change: Partial<Pick<User, 'displayName' | 'role' | 'institutionCode' | 'psnNo' | 'isDisabled'>>,
): Promise<User> {
  return transaction(store, async (db) => {
    const before = await findUser(db, login);
    if (before === undefined) throw noSuchUser(login);
    const after = { ...before, ...change };
    checkInstitution(after);
    await db
      .updateTable('user_account')
      .set({
        display_name: after.displayName,
        role: after.role,
        institution_code: after.institutionCode,
        psn_no: after.psnNo,
        is_disabled: after.isDisabled,
      })
      .where('login', '=', login)
      .execute();
    await db.deleteFrom('session').where('login', '=', login).execute();
    return after;
  });
}

/** A new one-time password for a user who lost theirs or is locked out. */
export async function resetPassword(store: Store, login: string): Promise<string> {
  // before the hash, which takes its time
  if ((await findUser(store, login)) === undefined) throw noSuchUser(login);
  const password = oneTimePassword();
  const { numUpdatedRows } = await store
    .updateTable('user_account')
    .set({
      password_hash: await hashPassword(password),
      must_change_password: true,
      failed_logins: 0,
      locked_until: null,
    })
    .where('login', '=', login)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw noSuchUser(login);
  await store.deleteFrom('session').where('login', '=', login).execute();
  return password;
}

/**
 * The user, if the password is right. Every failure counts; after five the login is locked for a quarter of an hour.
 * @throws YibaoError identity.wrong-login, identity.locked
 */
export async function checkLogin(store: Store, login: string, password: string): Promise<User> {
  const row = await store
    .selectFrom('user_account')
    .selectAll()
    .where('login', '=', login)
    .executeTakeFirst();
  const lockedMs = row?.locked_until ? Date.parse(row.locked_until) - Date.now() : 0;
  if (lockedMs > 0) {
    throw new YibaoError({
      definition: identityErrors.locked,
      parameters: { minutes: Math.ceil(lockedMs / 60_000) },
    });
  }
  const isRight = await isPassword(password, row?.password_hash);
  if (row === undefined || !isRight || row.is_disabled) {
    // one statement, so that guesses sent at the same time all count
    await sql`UPDATE user_account SET failed_logins = (failed_logins + 1) % ${sql.lit(FAILED_LOGINS_MAX)},
      locked_until = CASE WHEN failed_logins + 1 >= ${sql.lit(FAILED_LOGINS_MAX)}
        THEN now() + make_interval(mins => ${sql.lit(LOCK_MINUTES)}) END
      WHERE login = ${login}`.execute(store);
    throw new YibaoError({ definition: identityErrors.wrongLogin });
  }
  await store
    .updateTable('user_account')
    .set({ failed_logins: 0, locked_until: null })
    .where('login', '=', login)
    .execute();
  return userOf(row);
}

/**
 * Checks the old password of a user and hashes the new one, for `setPassword`.
 * @throws YibaoError identity.wrong-login, which is counted, identity.locked, identity.password-short
 */
export async function freshPassword(
  store: Store,
  login: string,
  old: string,
  fresh: string,
): Promise<string> {
  await checkLogin(store, login, old);
  if (fresh.length < PASSWORD_CHARACTERS_MIN || fresh.length > PASSWORD_CHARACTERS_MAX || fresh === old) {
    throw new YibaoError({
      definition: identityErrors.passwordShort,
      field: 'newPassword',
      parameters: { min: PASSWORD_CHARACTERS_MIN, max: PASSWORD_CHARACTERS_MAX },
    });
  }
  return hashPassword(fresh);
}

export async function setPassword(store: Store, login: string, passwordHash: string): Promise<void> {
  await store
    .updateTable('user_account')
    .set({ password_hash: passwordHash, must_change_password: false })
    .where('login', '=', login)
    .execute();
}

export async function findUser(store: Store, login: string): Promise<User | undefined> {
  const row = await store
    .selectFrom('user_account')
    .selectAll()
    .where('login', '=', login)
    .executeTakeFirst();
  return row && userOf(row);
}

type UserRow = {
  login: string;
  display_name: string;
  role: Role;
  institution_code: string | null;
  psn_no: string | null;
  must_change_password: boolean;
  is_disabled: boolean;
};

export const userOf = (row: UserRow): User => ({
  login: row.login,
  displayName: row.display_name,
  role: row.role,
  institutionCode: row.institution_code,
  psnNo: row.psn_no,
  mustChangePassword: row.must_change_password,
  isDisabled: row.is_disabled,
});

function checkInstitution(user: NewUser): void {
  if ((user.role === 'person') !== ((user.psnNo ?? null) !== null)) {
    throw new YibaoError({
      definition: identityErrors.personNeedsNumber,
      field: 'psnNo',
      value: user.psnNo ?? '',
    });
  }
  if (user.role === 'expert') return;
  if ((user.role === 'hospital') === (user.institutionCode !== null)) return;
  throw new YibaoError({
    definition: identityErrors.hospitalNeedsInstitution,
    field: 'institutionCode',
    value: user.institutionCode ?? '',
  });
}

const noSuchUser = (login: string): YibaoError =>
  new YibaoError({ definition: identityErrors.noSuchUser, field: 'login', value: login });
