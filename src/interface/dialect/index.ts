import { timingSafeEqual } from 'node:crypto';

export type Headers = Readonly<Record<string, string | undefined>>;

/** The body of a gateway's refusal; the HTTP status is its code. */
export type GatewayError = { readonly code: number; readonly message: string };

/** How an institution's messages reach us: bare, or through one of three gateways. */
export const DIALECTS = ['plain', 'csb', 'tif', 'sealed'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What an institution and this service share for a gateway. */
export type Keys = {
  /** access key (CSB), PaaS id (TIF), app id (sealed) */
  readonly accessKey: string;
  readonly secret: string;
};

/** Whether a timestamp of seconds (10 digits) or milliseconds (13) lies within so many minutes of now, before or after. */
export function isFresh(timestamp: string, now: Temporal.Instant, validMinutes: number): boolean {
  if (!/^\d{10}(\d{3})?$/.test(timestamp)) return false;
  const milliseconds = timestamp.length === 10 ? Number(timestamp) * 1000 : Number(timestamp);
  return Math.abs(now.epochMilliseconds - milliseconds) <= validMinutes * 60_000;
}

/** Compares without telling by its time how much agrees. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}
