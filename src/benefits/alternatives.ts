import { admissionOf, contextOf } from '#benefits/context.ts';
import { cellOf } from '#benefits/policy.ts';
import { type SettleInput, settleVisit } from '#benefits/settle.ts';
import type { Settlement, Visit } from '#benefits/types.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import { DIMENSIONS } from '#policy/registry/benefit-dimensions.ts';

/** What the funds would have paid for the same visit under one other circumstance. */
export type Alternative = {
  readonly change: 'filing' | 'level';
  readonly value: string;
  readonly fundFen: number;
  readonly personFen: number;
  readonly text: Text;
};

/**
 * What would have been paid with a filing, or at another level: only as far as `advice.alternatives` allows the
 * person to be told, and only where it differs.
 */
export function alternativesOf(input: SettleInput, settlement: Settlement): Alternative[] {
  const { policy, person, visit, accumulators } = input;
  const context = contextOf(person, visit, settlement.identity, admissionOf(visit, accumulators));
  const allowed = cellOf(policy, 'advice.alternatives', context).names;
  const changes: [Alternative['change'], string, Partial<Visit>][] = [];
  if (
    allowed.includes('filing') &&
    (visit.place ?? 'local') !== 'local' &&
    (visit.filing ?? 'none') === 'none'
  ) {
    for (const filing of ['transfer', 'long-term']) changes.push(['filing', filing, { filing }]);
  }
  if (allowed.includes('level')) {
    const levels = [...Object.keys(DIMENSIONS.level.names), ...(policy.declared.level ?? [])];
    for (const level of levels) if (level !== visit.level) changes.push(['level', level, { level }]);
  }
  return changes.flatMap(([change, value, part]) => {
    const other = settledOtherwise(input, { ...visit, ...part });
    if (!other || other.totals.fund_pay_sumamt === settlement.totals.fund_pay_sumamt) return [];
    const { fund_pay_sumamt: fundFen, psn_part_amt: personFen, hosp_part_amt: hospitalFen } = other.totals;
    return [
      { change, value, fundFen, personFen, text: textOf(change, value, { fundFen, personFen, hospitalFen }) },
    ];
  });
}

/** undefined where the policy says nothing about such a visit. */
function settledOtherwise(input: SettleInput, visit: Visit): Settlement | undefined {
  try {
    return settleVisit({ ...input, visit }).settlement;
  } catch (error) {
    if (error instanceof YibaoError) return undefined;
    throw error;
  }
}

function textOf(
  change: Alternative['change'],
  value: string,
  fen: { readonly fundFen: number; readonly personFen: number; readonly hospitalFen: number },
): Text {
  const names: Readonly<Record<string, Text>> =
    change === 'filing' ? DIMENSIONS.filing.names : DIMENSIONS.level.names;
  const name = names[value] ?? { zh: value, en: value };
  const [fund, person, hospital] = [fen.fundFen, fen.personFen, fen.hospitalFen].map((part) =>
    yuanText(BigInt(part)),
  );
  const byHospital =
    fen.hospitalFen === 0
      ? { zh: '', en: '' }
      : { zh: `，医院负担 ${hospital} 元`, en: `, the hospital ${hospital}` };
  return change === 'filing'
    ? {
        zh: `如已办理备案（${name.zh}），基金支付 ${fund} 元${byHospital.zh}，个人负担 ${person} 元`,
        en: `with a filing (${name.en}) the funds would have paid ${fund}${byHospital.en} and the person ${person} yuan`,
      }
    : {
        zh: `如在${name.zh}医疗机构，同样的费用基金支付 ${fund} 元${byHospital.zh}，个人负担 ${person} 元`,
        en: `at ${name.en} the funds would have paid ${fund}${byHospital.en} and the person ${person} yuan for the same fee`,
      };
}
