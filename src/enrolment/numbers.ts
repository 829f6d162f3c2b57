import { randomInt } from 'node:crypto';

const TIME_DIGITS = 13;
const CHANCE_DIGITS = 17;

/**
 * A number of 30 digits for a person, visit or settlement: milliseconds, then chance, so that numbers made later are greater and
 * two services never make the same one.
 */
export function newNumber(now: Temporal.Instant): string {
  const time = String(now.epochMilliseconds).padStart(TIME_DIGITS, '0');
  const chance = `${randomInt(10 ** 9)}`.padStart(9, '0') + `${randomInt(10 ** 8)}`.padStart(8, '0');
  return time + chance.slice(0, CHANCE_DIGITS);
}
