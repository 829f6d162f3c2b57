import { InvalidArgumentError } from 'commander';
import type { Language } from '#kernel/locale.ts';

/** A payment year of four digits. */
export const yearArgument =
  (language: Language) =>
  (text: string): number => {
    if (/^20\d\d$/.test(text)) return Number(text);
    throw new InvalidArgumentError(
      language === 'zh'
        ? `年份“${text}”应为四位数字，如 2025`
        : `year "${text}" must have four digits, such as 2025`,
    );
  };

/** A whole number within bounds. */
export const integerArgument =
  (language: Language, name: string, least: number, most: number) =>
  (text: string): number => {
    const value = /^\d{1,12}$/.test(text.replaceAll('_', '')) ? Number(text.replaceAll('_', '')) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      language === 'zh'
        ? `${name}“${text}”应为 ${least} 到 ${most} 之间的整数`
        : `${name} "${text}" must be a whole number from ${least} to ${most}`,
    );
  };
