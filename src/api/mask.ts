import type { RunQuery } from './list.ts';

/** Names of fields that tell who a person is, in any table, list or message, and how much of each may be seen. */
const PERSONAL: Readonly<Record<string, (text: string) => string>> = {
  person: maskCode,
  psn_no: maskCode,
  psn_name: maskName,
  certno: maskCode,
  psn_cert_no: maskCode,
  tel: maskCode,
  coner_tel: maskCode,
  coner_name: maskName,
  mdtrt_cert_no: maskCode,
  medcasno: maskCode,
  brdy: maskBirth,
  hi_no: maskCode,
  patn_name: maskName,
};
/** What institutions send beside the fields of the form is known by how its name ends or begins. */
const PERSONAL_LIKE: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/(^|_)addr$|^resd_/, () => '***'],
  [/_tel$/, maskCode],
  [/^coner_/, maskCode],
];

const maskOf = (field: string): ((text: string) => string) | undefined =>
  Object.hasOwn(PERSONAL, field)
    ? PERSONAL[field]
    : PERSONAL_LIKE.find(([pattern]) => pattern.test(field))?.[1];

export const isPersonal = (field: string): boolean => maskOf(field) !== undefined;

/** The text of a field as it is shown without a reason. */
export const maskText = (field: string, text: string): string =>
  text === '' ? text : (maskOf(field)?.(text) ?? text);

/** A row with the fields that tell who a person is masked; what is empty stays empty. */
export const maskRow = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      typeof value === 'string' ? maskText(field, value) : value,
    ]),
  );

/** Lists whose rows are masked, in exports too. */
export const masked =
  (run: RunQuery): RunQuery =>
  async (sql, parameters) =>
    (await run(sql, parameters)).map(maskRow);

/** 张三丰 → 张** */
function maskName(text: string): string {
  const [first, ...rest] = [...text];
  return `${first}${'*'.repeat(Math.max(1, rest.length))}`;
}

/** Two characters at the end, and two before them where that leaves most of it hidden. */
function maskCode(text: string): string {
  const characters = [...text];
  if (characters.length < 6) return '*'.repeat(characters.length);
  const hidden = characters.length - 4;
  return `${characters.slice(0, 2).join('')}${'*'.repeat(hidden)}${characters.slice(-2).join('')}`;
}

/** The year alone. */
function maskBirth(text: string): string {
  return /^\d{4}/.test(text) ? `${text.slice(0, 4)}-**-**` : '***';
}
