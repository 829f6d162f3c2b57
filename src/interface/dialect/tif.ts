import { createHash } from 'node:crypto';
import type { GatewayError, Headers, Keys } from './index.ts';
import { isFresh, sameText } from './index.ts';

const HEADERS = ['x-tif-paasid', 'x-tif-timestamp', 'x-tif-nonce', 'x-tif-signature'] as const;

export const usesTif = (headers: Headers): boolean => HEADERS.some((name) => headers[name] !== undefined);

/** Lower-case hexadecimal SHA-256 of `timestamp + secret + nonce + timestamp`. Source: interface.md §1.4. */
export const tifSignature = (timestamp: string, secret: string, nonce: string): string =>
  createHash('sha256').update(`${timestamp}${secret}${nonce}${timestamp}`, 'utf8').digest('hex');

const error = (message: string): GatewayError => ({ code: 401, message });

/** What is wrong with the signature of a request; undefined when it is right. */
export function checkTif(
  headers: Headers,
  keys: readonly Keys[],
  now: Temporal.Instant,
  validMinutes: number,
): GatewayError | undefined {
  if (HEADERS.some((name) => (headers[name] ?? '') === '')) return error('缺少服务网关的请求头!');
  const timestamp = headers['x-tif-timestamp']!;
  if (!isFresh(timestamp, now, validMinutes)) return error('签名时间戳超时!');
  const own = keys.filter(({ accessKey }) => accessKey === headers['x-tif-paasid']);
  if (own.length === 0) return error('非法用户!');
  const given = headers['x-tif-signature']!.toLowerCase();
  const isRight = own.some(({ secret }) =>
    sameText(tifSignature(timestamp, secret, headers['x-tif-nonce']!), given),
  );
  return isRight ? undefined : error('签名不一致!');
}
