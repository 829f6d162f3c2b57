const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check character of the 17 digits of a resident identity number (GB 11643). */
const checkCharacter = (digits: string): string =>
  '10X98765432'[WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0) % 11]!;

/** GB 11643: 17 digits and a check character; the birth date must be one. */
export const isIdentityNumber = (text: string): boolean =>
  /^\d{17}[\dX]$/.test(text) &&
  checkCharacter(text) === text[17] &&
  isDay(`${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`);

/** The number of 18 characters of an old one of 15 digits, whose holders were born in the 20th century; else undefined. */
export function identityNumberOfOld(text: string): string | undefined {
  if (!/^\d{15}$/.test(text)) return undefined;
  const digits = `${text.slice(0, 6)}19${text.slice(6)}`;
  const whole = digits + checkCharacter(digits);
  return isIdentityNumber(whole) ? whole : undefined;
}

export const birthOfNumber = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
export const sexOfNumber = (number: string): string => (Number(number[16]) % 2 === 1 ? '1' : '2');

export function isDay(text: string): boolean {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text) && Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** Names as they are compared: without the spaces and dots that departments write differently. The same in SQL: `plain_name`. */
export const plainName = (name: string): string => name.normalize('NFKC').replaceAll(/[\s·•‧・．.∙⋅*]/gu, '');
