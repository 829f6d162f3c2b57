import { noAccumulators } from '#benefits/accumulators.ts';
import { type Catalogue, factsOf } from '#benefits/catalogue.ts';
import { admissionOf, contextOf, identitiesOn } from '#benefits/context.ts';
import { planOf } from '#benefits/plan.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import { COUNT_SCALE, splitLine, timesOver } from '#benefits/split-line.ts';
import type { FeeLine, LineSplit, Person, Visit } from '#benefits/types.ts';

export type UploadedLine = {
  readonly split: LineSplit;
  /** what the lists and the policy said of the item */
  readonly listClass: 'A' | 'B' | 'C';
  readonly restricted: boolean;
  /** yuan × 10^6; undefined: no ceiling */
  readonly ceiling6: number | undefined;
  /** × 10^6: the prior self-pay; 1 for an item that is wholly self-paid */
  readonly priorRatio: number;
};

const ALL = 1_000_000;

/**
 * Splits a fee line when it is uploaded, with the lists and the policy of that day, and says why: the settlement takes the split
 * as it is (`Visit.splits`). Source: §2.4 of the benefit rules.
 */
export function splitAtUpload(
  line: FeeLine,
  {
    policy,
    person,
    visit,
    catalogue,
  }: {
    readonly policy: BenefitPolicy;
    readonly person: Person;
    readonly visit: Visit;
    readonly catalogue?: Catalogue | undefined;
  },
): UploadedLine {
  const identity = identitiesOn(person, visit.date)[0];
  const admission = admissionOf(visit, noAccumulators(Number(visit.date.slice(0, 4))));
  const plan = planOf(policy, contextOf(person, visit, identity, admission));
  const split = splitLine(line, visit, plan, policy, catalogue);
  const count4 = line.count4 ?? COUNT_SCALE;
  const price6 = line.price6 ?? timesOver(Math.abs(line.amountFen), 100_000_000, count4);
  const facts =
    catalogue && line.code !== undefined
      ? factsOf(catalogue, line.code, {
          date: line.date ?? visit.date,
          scheme: person.scheme,
          level: visit.level,
          price6,
        })
      : {};
  const isOwn = split.amountFen === split.ownFen && split.reason !== 'in-scope' && split.reason !== 'lifted';
  const listClass = line.listClass ?? facts?.listClass ?? (isOwn && facts === undefined ? 'C' : 'A');
  const ratioOfPolicy = () =>
    cellOf(policy, 'lines.prior_ratio', {
      ...plan.context,
      list_class: listClass,
      ...(facts?.itemKind === undefined ? {} : { item_kind: facts.itemKind }),
      ...(line.code === undefined ? {} : { item: line.code }),
    }).number;
  return {
    split,
    listClass,
    restricted: line.restricted ?? facts?.restricted ?? false,
    ceiling6: line.ceiling6 ?? facts?.ceiling6,
    priorRatio: isOwn
      ? ALL
      : split.directRatio === undefined
        ? (line.priorRatio ?? facts?.priorRatio ?? ratioOfPolicy())
        : ALL - split.directRatio,
  };
}
