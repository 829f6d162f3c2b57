import { createCipheriv, createDecipheriv } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { canonicalJson } from '../envelope.ts';

/** The user id every party of the national platforms signs with (GM/T 0009). */
const SM2_USER_ID = '1234567812345678';
const SM4_KEY_CHARACTERS = 16;

function sm4(key: string, plain: Buffer): Buffer {
  const cipher = createCipheriv('sm4-ecb', Buffer.from(key, 'utf8'), null);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** First 16 characters of the upper-case hexadecimal SM4 of the secret under the start of the app id. interface.md §1.5 */
export function sm4KeyOf(appId: string, appSecret: string): string {
  const key = appId.slice(0, SM4_KEY_CHARACTERS);
  return sm4(key, Buffer.from(appSecret, 'utf8')).toString('hex').toUpperCase().slice(0, SM4_KEY_CHARACTERS);
}

/** JSON with everything beyond ASCII as \uXXXX. */
export const asciiJson = (value: unknown): string => escapeBeyondAscii(JSON.stringify(value));
const escapeBeyondAscii = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const encryptText = (text: string, key: string): string =>
  sm4(key, Buffer.from(text, 'utf8')).toString('hex').toUpperCase();
export const encryptData = (data: unknown, key: string): string => encryptText(asciiJson(data), key);

/** The text that was encrypted; undefined when the key or the text is wrong. */
export function decryptData(encData: string, key: string): string | undefined {
  if (!/^([0-9a-fA-F]{32})+$/.test(encData)) return undefined;
  try {
    const decipher = createDecipheriv('sm4-ecb', Buffer.from(key, 'utf8'), null);
    const bytes = Buffer.concat([decipher.update(Buffer.from(encData, 'hex')), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const UNSIGNED = new Set(['signData', 'encData', 'extra', 'data']);

/** `k=v&…&key=<secret>`: keys sorted, without signature, cipher text, `extra` and empty values; data with sorted keys. */
export function textToSign(
  envelope: Readonly<Record<string, unknown>>,
  data: string,
  appSecret: string,
): string {
  const pairs = Object.entries(envelope)
    .filter(([key, value]) => !UNSIGNED.has(key) && value !== '' && value !== null && value !== undefined)
    .map(([key, value]): [string, string] => [
      key,
      typeof value === 'object' ? canonicalJson(value) : String(value),
    ]);
  const sorted = [...pairs, ['data', data] as [string, string]].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [...sorted, ['key', appSecret]].map(([key, value]) => `${key}=${value}`).join('&');
}

/** Base64 of r‖s over SM3. */
export function signSealed(
  envelope: Readonly<Record<string, unknown>>,
  data: unknown,
  appSecret: string,
  privateKey: string,
): string {
  const text = textToSign(envelope, canonicalJson(data), appSecret);
  const hex = sm2.doSignature(text, privateKey, { hash: true, userId: SM2_USER_ID });
  return Buffer.from(hex, 'hex').toString('base64');
}

/**
 * Whether the signature is right. What exactly the data was written as is not told by the published clients, so the data with
 * sorted keys, the same in ASCII, and the text as it was sent are tried in turn.
 */
export function isSealRight(
  envelope: Readonly<Record<string, unknown>>,
  data: unknown,
  dataAsSent: string,
  appSecret: string,
  publicKey: string,
): boolean {
  const signature = envelope.signData;
  if (typeof signature !== 'string') return false;
  const hex = Buffer.from(signature, 'base64').toString('hex');
  if (hex.length !== 128) return false;
  const sorted = canonicalJson(data);
  const variants = new Set([sorted, escapeBeyondAscii(sorted), dataAsSent]);
  for (const variant of variants) {
    try {
      const text = textToSign(envelope, variant, appSecret);
      if (sm2.doVerifySignature(text, hex, publicKey, { hash: true, userId: SM2_USER_ID })) return true;
    } catch {
      // a point that is not on the curve, a number out of range: not this key's signature
    }
  }
  return false;
}
