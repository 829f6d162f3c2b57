import type { Language } from './preferences.tsx';

/** Fen as yuan with two decimals and thousands separators: 123456789 → "1,234,567.89". */
export function yuan(fen: number | bigint | string | null | undefined): string {
  if (fen === null || fen === undefined || fen === '') return '–';
  const value = BigInt(fen);
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${value < 0n ? '−' : ''}${whole}.${digits.slice(-2)}`;
}

/** Fen as ten thousand yuan with one decimal, for figures to be read at a glance; never for a statement. */
export function tenThousandYuan(fen: number | bigint | string | null | undefined): string {
  if (fen === null || fen === undefined || fen === '') return '–';
  return decimal(Number(fen) / 1_000_000, 1);
}

/** An integer scaled by 10^scale as text: scaled(1234567, 4) → "123.4567". */
export function scaled(
  value: number | bigint | string | null | undefined,
  scale: number,
  shown = scale,
): string {
  if (value === null || value === undefined || value === '') return '–';
  const integer = BigInt(value);
  const digits = (integer < 0n ? -integer : integer).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const fraction = digits.slice(digits.length - scale).slice(0, shown);
  return `${integer < 0n ? '−' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

export function count(value: number | bigint | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toLocaleString('en-US');
}

export function decimal(value: number, digits: number): string {
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return value < 0 ? `−${text}` : text;
}

export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || !Number.isFinite(share)
    ? '–'
    : `${decimal(share * 100, digits)}%`;
}

/** An instant of the service in the time of the browser, without the seconds' fraction. */
export function moment(instant: string | null | undefined, language: Language): string {
  if (!instant) return '–';
  return new Date(instant).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { hour12: false });
}
