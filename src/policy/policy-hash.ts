import { createHash } from 'node:crypto';
import type { Policy } from '#policy/resolve.ts';

/**
 * SHA-256, in hexadecimal, over one JSON line for each parameter in text order: its value and where it comes from.
 * File names, line numbers and notes are left out, so that moving or annotating a value changes nothing.
 */
export function policyHash(policy: Policy): string {
  const lines = Object.values(policy.values).map((each) => {
    const { parameter, value, layer, area, effectiveFrom, source, basis } = each;
    const { document, article } = source;
    return JSON.stringify([
      parameter,
      value.text,
      layer,
      area,
      effectiveFrom.toString(),
      document.id,
      document.title.zh,
      document.number,
      article,
      basis,
    ]);
  });
  return createHash('sha256')
    .update(`${lines.toSorted().join('\n')}\n`, 'utf8')
    .digest('hex');
}
