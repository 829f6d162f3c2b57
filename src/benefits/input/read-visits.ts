import * as errors from '#benefits/errors.ts';
import type { BenefitPolicy } from '#benefits/policy.ts';
import { fenOfPrice } from '#benefits/split-line.ts';
import type { FeeLine, FeeParts, Visit } from '#benefits/types.ts';
import { yuanText } from '#kernel/money.ts';
import {
  choicePart,
  knownParts,
  listParts,
  mappingParts,
  type Part,
  reportYaml,
  textPart,
  type YamlFile,
} from '#policy/index.ts';
import { booleanPart, countPart, dayPart, fenPart, ratioPart, scaledPart, wordPart } from './reader.ts';

type Declared = BenefitPolicy['declared'];
const KEYS = [
  'id',
  'level',
  'place',
  'filing',
  'referral',
  'designated',
  'disease',
  'delivery',
  'epidemic',
  'admission',
  'mid_stay',
  'stay',
  'deductible_credit',
  'third_party_share',
  'account',
  'lines',
  'amounts',
] as const;

/** The dates of the visits of a file, for the policies of those days: read before the visits themselves. */
export function visitDates(yaml: YamlFile): string[] {
  return visitParts(yaml).flatMap((part) =>
    mappingParts(yaml, part)
      .filter(({ key }) => key === 'date')
      .flatMap((date) => dayPart(yaml, date) ?? []),
  );
}

/** `visits: [ … ]`, or the file itself is one visit. */
export function visitParts(yaml: YamlFile): Part[] {
  const visits = mappingParts(yaml, yaml.root).find(({ key }) => key === 'visits');
  return visits ? listParts(yaml, visits) : [yaml.root];
}

/** The visits of a file in their order. Everything wrong gathers in `yaml.problems`. `tolerance`: of count × price, fen. */
export function readVisits(yaml: YamlFile, declared: Declared, tolerance: number): Visit[] {
  return visitParts(yaml).flatMap(
    (part, index) => readVisit(yaml, part, `visit-${index + 1}`, declared, tolerance) ?? [],
  );
}

function readVisit(
  yaml: YamlFile,
  part: Part,
  fallbackId: string,
  declared: Declared,
  tolerance: number,
): Visit | undefined {
  const inFile = part === yaml.root ? (['person', 'catalogue'] as const) : ([] as const);
  const keys = knownParts(yaml, part, ['date', 'care'], [...KEYS, ...inFile]);
  const word = (key: 'care' | 'level' | 'place' | 'filing' | 'referral' | 'delivery' | 'epidemic') =>
    wordPart(yaml, keys[key], key, declared);
  const date = dayPart(yaml, keys.date);
  const care = word('care');
  if (Boolean(keys.lines) === Boolean(keys.amounts)) reportYaml(yaml, errors.NO_FEES, part);
  const visit = {
    id: textPart(yaml, keys.id) ?? fallbackId,
    level: word('level'),
    place: word('place'),
    filing: word('filing'),
    referral: word('referral'),
    designated: booleanPart(yaml, keys.designated),
    disease: textPart(yaml, keys.disease),
    delivery: word('delivery'),
    epidemic: word('epidemic'),
    admission: countPart(yaml, keys.admission, 999),
    midStay: booleanPart(yaml, keys.mid_stay),
    stay: textPart(yaml, keys.stay),
    creditFen: fenPart(yaml, keys.deductible_credit),
    thirdPartyShare: ratioPart(yaml, keys.third_party_share),
    account: choicePart(yaml, keys.account, ['none', 'own', 'family']),
    lines:
      keys.lines &&
      listParts(yaml, keys.lines).flatMap((line) => readLine(yaml, line, declared, tolerance) ?? []),
    parts: keys.amounts && readAmounts(yaml, keys.amounts),
  };
  return date === undefined || care === undefined ? undefined : { ...visit, date, care };
}

function readAmounts(yaml: YamlFile, part: Part): FeeParts | undefined {
  const keys = knownParts(yaml, part, [], ['total', 'own', 'over_limit', 'prior', 'in_scope']);
  const amount = (key: 'own' | 'over_limit' | 'prior') => fenPart(yaml, keys[key]) ?? 0;
  const [ownFen, overLimitFen, priorFen] = [amount('own'), amount('over_limit'), amount('prior')];
  const total = fenPart(yaml, keys.total);
  const inScopeFen = fenPart(yaml, keys.in_scope) ?? (total ?? 0) - ownFen - overLimitFen - priorFen;
  const sum = ownFen + overLimitFen + priorFen + inScopeFen;
  if (inScopeFen < 0 || (total !== undefined && total !== sum)) {
    const shown = {
      total: yuanText(BigInt(total ?? 0)),
      sum: yuanText(BigInt(Math.max(sum, sum - inScopeFen))),
    };
    reportYaml(yaml, errors.PARTS_DIFFER, part, { parameters: shown });
    return undefined;
  }
  if (keys.total === undefined && keys.in_scope === undefined) reportYaml(yaml, errors.NO_FEES, part);
  return { ownFen, overLimitFen, priorFen, inScopeFen };
}

function readLine(yaml: YamlFile, part: Part, declared: Declared, tolerance: number): FeeLine | undefined {
  const keys = knownParts(
    yaml,
    part,
    ['amount'],
    [
      'code',
      'name',
      'date',
      'count',
      'price',
      'class',
      'kind',
      'restricted',
      'approval',
      'ceiling',
      'prior_type',
      'prior_ratio',
    ],
  );
  const amountFen = fenPart(yaml, keys.amount, true);
  const count4 = scaledPart(yaml, keys.count, 4);
  const price6 = scaledPart(yaml, keys.price, 6);
  const approval = choicePart(yaml, keys.approval, ['0', '1', '2']);
  const priorType = choicePart(yaml, keys.prior_type, ['10', '20', '30']);
  if (amountFen !== undefined && count4 !== undefined && price6 !== undefined) {
    const product = fenOfPrice(count4, price6);
    if (Math.abs(Math.abs(amountFen) - product) > tolerance) {
      const shown = (fen: number) => yuanText(BigInt(fen));
      const parameters = { product: shown(product), tolerance: shown(tolerance) };
      reportYaml(yaml, errors.AMOUNT_NOT_PRICE, part, { value: shown(amountFen), parameters });
    }
  }
  const line = {
    code: textPart(yaml, keys.code),
    name: textPart(yaml, keys.name),
    date: dayPart(yaml, keys.date),
    count4,
    price6,
    listClass: wordPart(yaml, keys.class, 'list_class', declared) as FeeLine['listClass'],
    itemKind: wordPart(yaml, keys.kind, 'item_kind', declared),
    restricted: booleanPart(yaml, keys.restricted),
    approval: approval === undefined ? undefined : (Number(approval) as 0 | 1 | 2),
    ceiling6: scaledPart(yaml, keys.ceiling, 6),
    priorType: priorType === undefined ? undefined : (Number(priorType) as 10 | 20 | 30),
    priorRatio: ratioPart(yaml, keys.prior_ratio),
  };
  return amountFen === undefined ? undefined : { ...line, amountFen };
}
