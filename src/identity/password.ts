import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const argon2Async = promisify(argon2);

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 256;

/** `argon2id$memory$passes$lanes$salt$hash`: later versions can raise the cost and still check old ones. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(password, salt, MEMORY_KIB, PASSES, LANES);
  return ['argon2id', MEMORY_KIB, PASSES, LANES, salt.toString('base64url'), tag.toString('base64url')].join(
    '$',
  );
}

/** Takes the same time for an unknown user (`stored` undefined), so that logins cannot be guessed by the clock. */
export async function isPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const [kind, memory, passes, lanes, salt, tag] = (stored ?? UNKNOWN_USER).split('$');
  if (kind !== 'argon2id') return false;
  const expected = Buffer.from(tag!, 'base64url');
  const given = await derive(
    password,
    Buffer.from(salt!, 'base64url'),
    Number(memory),
    Number(passes),
    Number(lanes),
  );
  return timingSafeEqual(expected, given) && stored !== null && stored !== undefined;
}

const UNKNOWN_USER = `argon2id$${MEMORY_KIB}$${PASSES}$${LANES}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const derive = (
  password: string,
  salt: Buffer,
  memory: number,
  passes: number,
  parallelism: number,
): Promise<Buffer> =>
  argon2Async('argon2id', {
    message: password.normalize('NFC'),
    nonce: salt,
    parallelism,
    tagLength: TAG_BYTES,
    memory,
    passes,
  });

/** A password nobody can guess and anybody can type: 24 characters without look-alikes. */
export const oneTimePassword = (): string =>
  Array.from(randomBytes(24), (byte) => TYPEABLE[byte % TYPEABLE.length])
    .join('')
    .replaceAll(/(.{6})(?!$)/g, '$1-');

const TYPEABLE = 'abcdefghjkmnpqrstuvwxyz23456789X';
