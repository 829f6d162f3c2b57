import { cellOf, schemeOf } from '#benefits/index.ts';
import { isHeldOn, type PersonFile, personOn } from '#enrolment/index.ts';
import type { BenefitSource } from './benefit-source.ts';

/** What a person is entitled to on a day, insurance by insurance that pays visits. */
export type Entitlement = {
  readonly insutype: string;
  readonly scheme: string;
  readonly area_code: string;
  readonly state: 'entitled' | 'waiting' | 'not-yet' | 'ended' | 'paused';
  readonly from: string;
  readonly to: string | null;
  readonly waiting_until: string | null;
  /** what the pool pays at most in a year; null: no limit, or nothing said */
  readonly cap_fen: number | null;
};

/** The insurances of a person as they stand on a day. */
export function entitlementsOn(file: PersonFile, source: BenefitSource, date: string): Entitlement[] {
  const insutypes = [...new Set(file.enrolments.map(({ insutype }) => insutype))].filter(
    (insutype) => schemeOf(insutype) !== undefined,
  );
  return insutypes.flatMap((insutype): Entitlement[] => {
    const found = personOn(file, date, insutype);
    if (found === undefined) return [];
    const { person, enrolment } = found;
    const cap = cellOf(source.policyOf(enrolment.insuplc_admdvs, date), 'basic.cap', {
      scheme: person.scheme,
      care: 'inpatient',
      ...(person.person === undefined ? {} : { person: person.person }),
    }).number;
    return [
      {
        insutype,
        scheme: person.scheme,
        area_code: enrolment.insuplc_admdvs,
        state: stateOf(found.person.status, enrolment, date),
        from: enrolment.begndate,
        to: enrolment.enddate,
        waiting_until: enrolment.waiting_until,
        cap_fen: Number.isFinite(cap) ? cap : null,
      },
    ];
  });
}

function stateOf(
  status: string | undefined,
  enrolment: {
    readonly begndate: string;
    readonly enddate: string | null;
    readonly waiting_until: string | null;
  },
  date: string,
): Entitlement['state'] {
  if (status === 'paused') return 'paused';
  if (date < enrolment.begndate) return 'not-yet';
  if (status === 'ended' || !isHeldOn(enrolment, date)) return 'ended';
  return enrolment.waiting_until !== null && date < enrolment.waiting_until ? 'waiting' : 'entitled';
}
