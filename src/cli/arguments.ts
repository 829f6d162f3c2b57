import { usageErrors } from '#cli/errors.ts';
import { YibaoError } from '#kernel/errors.ts';
import { compare, parseDecimal } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';

function wrongValue(name: string, value: string, expected: Text): YibaoError {
  const parameters = { name, value, expectedZh: expected.zh, expectedEn: expected.en };
  return new YibaoError({ definition: usageErrors.wrongValue, parameters });
}

/** A payment year of four digits. */
export const yearArgument =
  (name: string) =>
  (text: string): number => {
    if (/^20\d\d$/.test(text)) return Number(text);
    throw wrongValue(name, text, { zh: '四位年份，如 2025', en: 'a year of four digits, such as 2025' });
  };

/** A whole number within bounds; underscores may separate its digits. */
export const integerArgument =
  (name: string, least: number, most: number) =>
  (text: string): number => {
    const digits = text.replaceAll('_', '');
    const value = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw wrongValue(name, text, {
      zh: ` ${least} 到 ${most} 之间的整数`,
      en: `a whole number from ${least} to ${most}`,
    });
  };

/** A calendar day, returned as written. */
export const dateArgument =
  (name: string) =>
  (text: string): string => {
    try {
      if (/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.PlainDate.from(text).toString();
    } catch {
      // no such day, such as 2025-02-30
    }
    throw wrongValue(name, text, {
      zh: '日期，写成 YYYY-MM-DD，如 2025-01-01',
      en: 'a date written YYYY-MM-DD, such as 2025-01-01',
    });
  };

/** One of a few words. */
export const choiceArgument =
  <Choice extends string>(name: string, choices: readonly Choice[]) =>
  (text: string): Choice => {
    const choice = choices.find((each) => each === text);
    if (choice !== undefined) return choice;
    throw wrongValue(name, text, { zh: ` ${choices.join(' 或 ')}`, en: choices.join(' or ') });
  };

/** A plain decimal from 0 to `most`, returned as written. */
export const decimalArgument =
  (name: string, most: string) =>
  (text: string): string => {
    const value = /^\d{1,3}(\.\d{1,6})?$/.test(text) ? parseDecimal(text) : undefined;
    if (value !== undefined && compare(value, parseDecimal(most)!) <= 0) return text;
    throw wrongValue(name, text, { zh: ` 0 到 ${most} 之间的小数`, en: `a decimal from 0 to ${most}` });
  };
