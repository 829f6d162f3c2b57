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
  curr_addr: () => '***',
  coner_addr: () => '***',
};

export const isPersonal = (field: string): boolean => field in PERSONAL;

/** A row with the fields that tell who a person is masked; what is empty stays empty. */
export const maskRow = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      typeof value === 'string' && value !== '' && isPersonal(field) ? PERSONAL[field]!(value) : value,
    ]),
  );

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
