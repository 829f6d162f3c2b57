import {
  careFormOf,
  circumstanceOf,
  deliveryOf,
  disabilityOf,
  levelOf,
  type Person,
  type Visit,
} from '#benefits/index.ts';
import type { PersonFile } from '#enrolment/index.ts';
import { isHeldOn } from '#enrolment/index.ts';
import { refuse } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { insuredOn, placeOf } from './persons.ts';
import { careInArea, checkMedType } from './register.ts';
import { scaled, text } from './values.ts';
import type { VisitRow } from './visits.ts';

/** Person, visit and insured area as the benefit rules see them on a day. */
export type VisitContext = {
  readonly person: Person;
  readonly visit: Visit;
  readonly areaCode: string;
  readonly psnType: string;
  readonly cvlservFlag: string;
};

/** @throws Refusal where the person is not in the insurance, or the medical type is none of the visit's kind */
export function visitOnDay(
  row: VisitRow,
  file: PersonFile,
  wanted: {
    readonly date: string;
    readonly medType: string;
    readonly insutype: string;
    readonly at: string;
    readonly source: BenefitSource;
  },
): VisitContext {
  const { date, medType, insutype, at, source } = wanted;
  const { person, enrolment } = insuredOn(file, date, insutype, at);
  const care = checkMedType(medType, row.kind, at, careInArea(source, enrolment.insuplc_admdvs, date));
  const circumstance = circumstanceOf(medType);
  const institution = { area: row.area_code, code: row.fixmedins_code };
  const delivery = text(row.body, 'matn_type');
  return {
    person,
    areaCode: enrolment.insuplc_admdvs,
    psnType: enrolment.psn_type,
    cvlservFlag: enrolment.cvlserv_flag,
    visit: {
      id: row.mdtrt_id,
      care,
      level: levelOf(row.level),
      date,
      ...placeOf(file, enrolment.insuplc_admdvs, institution, date),
      disease: row.dise_codg || undefined,
      delivery: delivery === '' ? undefined : deliveryOf(delivery),
      circumstances: circumstance === undefined ? undefined : [circumstance],
      // one day, where it is no stay: the days of a stay follow from its settlements (stay-facts.ts)
      days: row.kind === 'inpatient' ? undefined : 1,
      ...(care === 'long-term-care' ? careNeeded(file, date, institution.code) : {}),
      stay: row.kind === 'inpatient' ? row.mdtrt_id : undefined,
      thirdPartyShare:
        text(row.body, 'ttp_pay_prop') === '' ? undefined : scaled(row.body, 'ttp_pay_prop', 6, at),
    },
  };
}

/** What the last assessment of disability that holds on the day says; nothing where there is none, which the policy then refuses. */
function careNeeded(
  file: PersonFile,
  date: string,
  institutionCode: string,
): Pick<Visit, 'disability' | 'careForm'> {
  const assessed = file.filings.findLast(
    (filing) => filing.kind === 'long-term-care' && isHeldOn(filing, date),
  );
  if (assessed === undefined) return {};
  return {
    disability: disabilityOf(assessed.longterm_eval_lv),
    careForm: careFormOf(
      assessed.nurscare_way,
      assessed.rels_nurscare_flag === '1',
      institutionCode.startsWith('H'),
    ),
  };
}

/** A chronic or special disease is paid after it was recognised (2503). */
export function checkChronic(file: PersonFile, context: VisitContext, at: string): void {
  const { care, disease = '', date } = context.visit;
  if (care !== 'chronic') return;
  const isFiled = file.filings.some(
    (filing) => filing.kind === 'chronic' && filing.dise_codg === disease && isHeldOn(filing, date),
  );
  if (isFiled) return;
  throw refuse('该病种没有有效的门诊慢特病备案（2503）', 'the disease is not recognised (2503) on that day', {
    node: at,
    field: 'dise_codg',
    name: '病种编码',
    value: disease,
  });
}
