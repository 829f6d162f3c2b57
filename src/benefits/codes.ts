/**
 * Official codes of the interface as the words of policy, person and visit. A code that is not here has no word that is the same
 * everywhere: the area says which by its own table, never the engine.
 */
const byPrefix =
  (words: Readonly<Record<string, string>>) =>
  (code: string): string | undefined => {
    for (let length = code.length; length > 0; length--) {
      const word = words[code.slice(0, length)];
      if (word !== undefined) return word;
    }
    return undefined;
  };
const exactly =
  (words: Readonly<Record<string, string>>) =>
  (code: string): string | undefined =>
    Object.hasOwn(words, code) ? words[code] : undefined;

/** insutype */
export const schemeOf = exactly({
  '310': 'employee',
  '380': 'resident',
  '390': 'resident',
  '391': 'resident',
});

/** med_type */
export const careOf = exactly({
  '11': 'outpatient',
  '1103': 'outpatient',
  // the fee of a registration alone
  '12': 'outpatient',
  '13': 'emergency',
  '1301': 'emergency',
  '14': 'chronic',
  '18': 'special-drug',
  '21': 'inpatient',
  '2101': 'inpatient',
  '2102': 'inpatient',
  '2105': 'inpatient',
  '2109': 'inpatient',
  '21303': 'inpatient',
  '22': 'inpatient',
  '28': 'day-surgery',
  '41': 'pharmacy',
  '51': 'maternity-outpatient',
  '52': 'maternity-inpatient',
  '2106': 'maternity-inpatient',
  '2107': 'maternity-inpatient',
  '71': 'home-bed',
  '9901': 'two-disease',
  '9903': 'outpatient',
  '9904': 'special-drug',
});

/** What a med_type says of the circumstances of a visit beside its care. */
export const circumstanceOf = exactly({ '2102': 'single-disease' });

/**
 * Codes an area uses beyond those that mean the same everywhere, as `61=long-term-care, …`: its parameter `interface.med_types`.
 * The interface documents have no med_type for long-term care.
 */
export const codesOfArea = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const [code, word] = pair.split('=').map((part) => part.trim());
      return code && word ? [[code, word]] : [];
    }),
  );

/** hosp_lv */
export const levelOf = exactly({
  '1': '3',
  '2': '3',
  '3': '3',
  '4': '3',
  '12': '3',
  '5': '2',
  '6': '2',
  '7': '2',
  '13': '2',
  '8': '1',
  '9': '1',
  '10': '1',
  '11': '1',
  '14': '1',
});

/** psn_type; the local extensions of a class belong to it (1105 is in service as 11 is) */
export const personOf = byPrefix({
  '11': 'in-service',
  '12': 'retired',
  '1401': 'newborn',
  '1402': 'child',
  '1403': 'student',
  '1404': 'student',
  '1405': 'child',
  '15': 'adult',
  '16': 'senior',
});

/** psn_idet_type */
export const identityOf = byPrefix({
  '21': 'veteran',
  '2303': 'subsistence',
  '2304': 'destitute',
  '2306': 'expenditure-poor',
  '2307': 'destitute',
  '2308': 'disabled',
});

/** matn_type; whether a miscarriage (5, 6) is early follows from the weeks (geso_val): `miscarriageOf` */
export const deliveryOf = exactly({
  '1': 'normal',
  '2': 'assisted',
  '3': 'caesarean',
  '4': 'difficult',
  '7': 'prenatal',
});
const WEEKS_OF_FOUR_MONTHS = 16;
export const miscarriageOf = (weeks: number): string =>
  weeks < WEEKS_OF_FOUR_MONTHS ? 'miscarriage-early' : 'miscarriage-late';

/** MDTRT_GRP_TYPE */
export const epidemicOf = exactly({ '1': 'confirmed', '2': 'other', '3': 'suspected', '4': 'asymptomatic' });

/** chrgitm_lv */
export const listClassOf = exactly({ '01': 'A', '02': 'B', '03': 'C' }) as (
  code: string,
) => 'A' | 'B' | 'C' | undefined;

/**
 * nurscare_way with rels_nurscare_flag, the latter for care at home; in an institution it is the institution that tells a hospital from a
 * care home.
 */
export const careFormOf = (way: string, isByFamily: boolean, isHospital: boolean): string | undefined => {
  switch (way) {
    case '01':
      return isHospital ? 'institution' : 'care-home';
    case '02':
      return 'home-visit';
    case '03':
      return isByFamily ? 'family' : 'self';
    default:
      return undefined;
  }
};

/** longterm_eval_lv */
export const disabilityOf = exactly({
  '02': 'light',
  '03': 'medium',
  '04': 'severe-1',
  '05': 'severe-2',
  '06': 'severe-3',
});
