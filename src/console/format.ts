import type { Language, Text } from './preferences.tsx';

/** Fen as yuan with two decimals and thousands separators: 123456789 → "1,234,567.89". */
export function yuan(fen: number | bigint | string | null | undefined): string {
  if (fen === null || fen === undefined || fen === '') return '–';
  const value = BigInt(fen);
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${value < 0n ? '−' : ''}${whole}.${digits.slice(-2)}`;
}

/** An amount in yuan as text, in fen: "1,234.5" → 123450n. Exact: no amount passes through a floating-point number. */
export function fenOf(text: string): bigint {
  const [, sign, whole, fraction = ''] =
    /^([-−]?)(\d+)(?:\.(\d{1,2}))?$/.exec(text.replaceAll(',', '')) ?? [];
  if (whole === undefined) throw new Error(`not an amount in yuan: ${text}`);
  const fen = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
  return sign ? -fen : fen;
}

/** The total of integers of the service, which come as text beyond 2^53. */
export function total(values: readonly (number | bigint | string | null)[]): bigint {
  return values.reduce<bigint>((all, one) => all + BigInt(one ?? 0), 0n);
}

/** Fen as ten thousand yuan with one decimal, half away from zero, for figures to be read at a glance; never for a statement. */
export function tenThousandYuan(fen: number | bigint | string | null | undefined): string {
  if (fen === null || fen === undefined || fen === '') return '–';
  const value = BigInt(fen);
  const tenths = ((value < 0n ? -value : value) + 50_000n) / 100_000n;
  return scaled(value < 0n ? -tenths : tenths, 1);
}

/** Fen as ten thousand yuan for a mark of a chart: a length on the screen, not an amount. */
export const chartTenThousandYuan = (fen: number | bigint | string): number => Number(fen) / 1_000_000;

export const chartYuan = (fen: number | bigint | string): number => Number(fen) / 100;

/** An integer scaled by 10^scale as text: scaled(1234567, 4) → "123.4567"; with fewer decimals shown, half away from zero. */
export function scaled(
  value: number | bigint | string | null | undefined,
  scale: number,
  shown = scale,
): string {
  if (value === null || value === undefined || value === '') return '–';
  const integer = BigInt(value);
  const unit = 10n ** BigInt(scale - shown);
  const rounded = ((integer < 0n ? -integer : integer) + unit / 2n) / unit;
  const digits = rounded.toString().padStart(shown + 1, '0');
  const whole = digits.slice(0, digits.length - shown).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const fraction = digits.slice(digits.length - shown);
  return `${integer < 0n ? '−' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A whole number with thousands separators; beyond 2^53 the service sends it as text. */
export function count(value: number | bigint | string | null | undefined): string {
  return value === null || value === undefined ? '–' : BigInt(value).toLocaleString('en-US');
}

/** Order of integers of the service. */
export function compareWhole(a: number | bigint | string, b: number | bigint | string): number {
  const [one, other] = [BigInt(a), BigInt(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** An amount shared evenly among cases, half a fen and more up; undefined where there are none. */
export function meanFen(fen: number | bigint | string, cases: number | bigint | string): bigint | undefined {
  const [all, by] = [BigInt(fen), BigInt(cases)];
  return by > 0n ? (2n * all + by) / (2n * by) : undefined;
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

/** An instant of the service in Beijing time, which the whole country keeps, wherever the browser is. */
export function moment(instant: string | null | undefined, language: Language): string {
  if (!instant) return '–';
  return new Date(instant).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', {
    hour12: false,
    timeZone: 'Asia/Shanghai',
  });
}

/** What an approval is about, piece by piece: area, year, and month, case or time of the draft. */
export const subjectWords = (subject: string, language: Language): string =>
  subject
    .split('/')
    .map((piece) =>
      /^\d{4}-\d\d-\d\dT[\d:.]+Z?$/.test(piece)
        ? moment(inUtc(piece), language)
        : (SUBJECT_WORDS[piece]?.[language] ?? piece),
    )
    .join(' · ');
const SUBJECT_WORDS: Readonly<Record<string, Text>> = {
  person: { zh: '参保人', en: 'person' },
  contribution: { zh: '缴费', en: 'contribution' },
  closing: { zh: '结转', en: 'closing' },
  merge: { zh: '档案', en: 'files' },
};
const inUtc = (time: string): string => (time.endsWith('Z') ? time : `${time}Z`);
