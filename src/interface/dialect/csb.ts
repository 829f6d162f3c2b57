import { createHmac } from 'node:crypto';
import type { GatewayError, Headers, Keys } from './index.ts';
import { isFresh, sameText } from './index.ts';

const HEADERS = ['_api_name', '_api_version', '_api_timestamp', '_api_access_key', '_api_signature'] as const;

export const usesCsb = (headers: Headers): boolean => HEADERS.some((name) => headers[name] !== undefined);

/** Base64 of HMAC-SHA1 over `k=v&k=v`, keys sorted. Source: interface.md §1.4. */
export function csbSignature(parameters: Readonly<Record<string, string>>, secret: string): string {
  const text = Object.entries(parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
  return createHmac('sha1', secret).update(text, 'utf8').digest('base64');
}

const error = (message: string): GatewayError => ({ code: 401, message });
export const CSB_ERRORS = {
  missing: error('缺少服务网关的请求头!'),
  late: error('签名时间戳超时!'),
  unknown: error('非法用户!'),
  wrong: error('签名不一致!'),
} as const;

/** What is wrong with the signature of a request; undefined when it is right. Timestamps have 10 or 13 digits. */
export function checkCsb(
  headers: Headers,
  keys: readonly Keys[],
  now: Temporal.Instant,
  validMinutes: number,
): GatewayError | undefined {
  if (HEADERS.some((name) => (headers[name] ?? '') === '')) return CSB_ERRORS.missing;
  if (!isFresh(headers._api_timestamp!, now, validMinutes)) return CSB_ERRORS.late;
  const own = keys.filter(({ accessKey }) => accessKey === headers._api_access_key);
  if (own.length === 0) return CSB_ERRORS.unknown;
  const { _api_signature: signature, ...rest } = Object.fromEntries(
    HEADERS.map((name) => [name, headers[name]!]),
  );
  return own.some(({ secret }) => sameText(csbSignature(rest, secret), signature!))
    ? undefined
    : CSB_ERRORS.wrong;
}
