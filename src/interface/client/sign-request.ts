import { randomBytes } from 'node:crypto';
import { csbSignature } from '../dialect/csb.ts';
import type { Dialect } from '../dialect/index.ts';
import { decryptData, encryptData, signSealed, sm4KeyOf } from '../dialect/sealed.ts';
import { tifSignature } from '../dialect/tif.ts';

/** What an institution sends with, as it was told when its keys were set. */
export type ClientKeys = {
  readonly dialect: Dialect;
  readonly accessKey: string;
  readonly secret: string;
  /** SM2, hexadecimal; only for `sealed` */
  readonly privateKey?: string;
};

/** Headers and body of one request in the dialect of the institution. */
export function signRequest(
  infno: string,
  message: object,
  keys: ClientKeys,
  now: Temporal.Instant,
): { readonly headers: Record<string, string>; readonly body: string } {
  const headers = { 'content-type': 'application/json;charset=utf-8' };
  const { dialect, accessKey, secret } = keys;
  const timestamp = String(now.epochMilliseconds);
  if (dialect === 'csb') {
    const fields = {
      _api_name: infno,
      _api_version: '1.0.0',
      _api_timestamp: timestamp,
      _api_access_key: accessKey,
    };
    return {
      headers: { ...headers, ...fields, _api_signature: csbSignature(fields, secret) },
      body: JSON.stringify(message),
    };
  }
  if (dialect === 'tif') {
    const nonce = randomBytes(8).toString('hex');
    const seconds = timestamp.slice(0, 10);
    return {
      headers: {
        ...headers,
        'x-tif-paasid': accessKey,
        'x-tif-timestamp': seconds,
        'x-tif-nonce': nonce,
        'x-tif-signature': tifSignature(seconds, secret, nonce),
      },
      body: JSON.stringify(message),
    };
  }
  if (dialect === 'plain') return { headers, body: JSON.stringify(message) };
  const head = { appId: accessKey, version: '1.0.0', encType: 'SM4', signType: 'SM2', timestamp };
  const signData = signSealed(head, message, secret, keys.privateKey ?? '');
  const data = { encData: encryptData(message, sm4KeyOf(accessKey, secret)) };
  return { headers, body: JSON.stringify({ ...head, signData, data }) };
}

/** The answer in the national form, out of its seal where it has one; undefined when it is neither. */
export function openAnswer(text: string, { accessKey, secret }: ClientKeys): ClientAnswer | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
    const { encData } = ((answer as { data?: { encData?: string } }).data ?? {}) as { encData?: string };
    if (encData !== undefined)
      answer = JSON.parse(decryptData(encData, sm4KeyOf(accessKey, secret)) ?? 'null');
    else if ((answer as { data?: ClientAnswer }).data?.infcode !== undefined)
      answer = (answer as { data: unknown }).data;
  } catch {
    return undefined;
  }
  const { infcode } = (answer ?? {}) as { infcode?: number | string };
  return infcode === undefined ? undefined : (answer as ClientAnswer);
}

export type ClientAnswer = {
  readonly infcode: number;
  readonly err_msg: string;
  readonly output: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};
