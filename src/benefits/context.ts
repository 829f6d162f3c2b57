import type { Accumulators, Person, Visit } from '#benefits/types.ts';
import type { TableContext } from '#policy/table.ts';

/** Care types that are admissions: counted, and each one stay. */
const ADMISSIONS: ReadonlySet<string> = new Set(['inpatient', 'day-surgery', 'maternity-inpatient']);
export const isAdmission = ({ care }: Visit): boolean => ADMISSIONS.has(care);

/** Full years on a day, from texts YYYY-MM-DD. */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** The names of the identities a person has on a day, each once. */
export function identitiesOn({ identities = [] }: Person, date: string): string[] {
  const held = identities.filter(
    ({ from, to }) => (from === undefined || from <= date) && (to === undefined || date <= to),
  );
  return [...new Set(held.map(({ name }) => name))];
}

/** Which admission of the year a visit belongs to; undefined where it is none. */
export function admissionOf(visit: Visit, { values }: Accumulators): number | undefined {
  if (!isAdmission(visit)) return undefined;
  const open = visit.stay === undefined ? undefined : values[`stay:${visit.stay}:admission`];
  return visit.admission ?? open ?? (values.admissions ?? 0) + 1;
}

/** What the rows of the tables are held against. */
export function contextOf(
  person: Person,
  visit: Visit,
  identity: string | undefined,
  admission: number | undefined,
): TableContext {
  const age = person.birthDate === undefined ? person.age : ageOn(person.birthDate, visit.date);
  return {
    scheme: person.scheme,
    care: visit.care,
    ...(visit.level === undefined ? {} : { level: visit.level }),
    ...(person.person === undefined ? {} : { person: person.person }),
    ...(person.sex === undefined ? {} : { sex: person.sex }),
    ...(identity === undefined ? {} : { identity }),
    ...(person.members === undefined ? {} : { member: person.members }),
    place: visit.place ?? 'local',
    filing: visit.filing ?? 'none',
    referral: visit.referral ?? 'none',
    designated: visit.designated === false ? 'no' : 'yes',
    ...(visit.disease === undefined ? {} : { disease: visit.disease }),
    ...(visit.delivery === undefined ? {} : { delivery: visit.delivery }),
    ...(visit.circumstances === undefined ? {} : { circumstance: visit.circumstances }),
    ...(visit.disability === undefined ? {} : { disability: visit.disability }),
    ...(visit.careForm === undefined ? {} : { care_form: visit.careForm }),
    ...(visit.epidemic === undefined ? {} : { epidemic: visit.epidemic }),
    ...(admission === undefined ? {} : { admission }),
    ...(age === undefined ? {} : { age }),
    ...(person.enrolledYears === undefined ? {} : { enrolled_years: person.enrolledYears }),
  };
}
