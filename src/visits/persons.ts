import { schemeOf, type Visit } from '#benefits/index.ts';
import { type StoreTransaction, together } from '#engine/postgres/store.ts';
import {
  isHeldOn,
  type PersonFile,
  type PersonOn,
  personFile,
  personLock,
  personOn,
  readPersonFile,
} from '#enrolment/index.ts';
import { refuse } from '#interface/index.ts';

/** @throws Refusal for a number nobody has */
export async function personOf(db: StoreTransaction, psnNo: string, at = 'data'): Promise<PersonFile> {
  const file = await readPersonFile(db, psnNo);
  return onlyPerson(file === undefined ? [] : [file], psnNo, at);
}

/** @throws Refusal where nothing was found */
export function onlyPerson(found: readonly PersonFile[], psnNo: string, at = 'data'): PersonFile {
  const [file] = found;
  if (file === undefined) throw noPerson(psnNo, at);
  return file;
}

/** The same, and nobody else settles for this person until the transaction ends. */
export async function lockedPerson(db: StoreTransaction, psnNo: string, at = 'data'): Promise<PersonFile> {
  const [, files] = await together(db, [personLock(psnNo), personFile(psnNo)]);
  return onlyPerson(files, psnNo, at);
}

const noPerson = (psnNo: string, at: string) =>
  refuse('没有该人员', 'nobody has this number', {
    node: at,
    field: 'psn_no',
    name: '人员编号',
    value: psnNo,
  });

/** @throws Refusal where the insurance is none that pays visits, or the person never was in it */
export function insuredOn(file: PersonFile, date: string, insutype: string, at = 'data'): PersonOn {
  const place = { node: at, field: 'insutype', name: '险种类型', value: insutype };
  if (schemeOf(insutype) === undefined) {
    throw refuse('该险种不结算就诊费用', 'this insurance pays no visits', place);
  }
  const found = personOn(file, date, insutype);
  if (found === undefined) throw refuse('该人员没有参加该险种', 'the person is not in this insurance', place);
  return found;
}

const FILINGS: Readonly<Record<string, string>> = { '06': 'transfer', '07': 'emergency', '08': 'long-term' };
/** 2505 with this business type names where a person goes for ordinary care */
const DESIGNATION = '03';

/** Where a visit is, seen from the insured area, and what was filed for that day. */
export function placeOf(
  file: PersonFile,
  insuredArea: string,
  institution: { readonly area: string; readonly code: string },
  date: string,
): Pick<Visit, 'place' | 'filing' | 'designated'> {
  const place =
    institution.area === insuredArea
      ? 'local'
      : institution.area.slice(0, 2) === insuredArea.slice(0, 2)
        ? 'in-province'
        : 'cross-province';
  const held = file.filings.filter((filing) => isHeldOn(filing, date));
  const outOfArea = held.findLast(
    ({ kind, biz_appy_type }) => kind === 'transfer' || FILINGS[biz_appy_type] !== undefined,
  );
  const designations = held.filter(
    ({ kind, biz_appy_type }) => kind === 'designated' && biz_appy_type === DESIGNATION,
  );
  return {
    place,
    filing:
      place === 'local' || outOfArea === undefined
        ? 'none'
        : (FILINGS[outOfArea.biz_appy_type] ?? 'transfer'),
    designated:
      designations.length === 0
        ? undefined
        : designations.some(({ fixmedins_code }) => fixmedins_code === institution.code),
  };
}
