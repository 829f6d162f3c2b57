import { isMap } from 'yaml';
import * as errors from '#benefits/errors.ts';
import type { BenefitPolicy } from '#benefits/policy.ts';
import { fenOfPrice } from '#benefits/split-line.ts';
import type { AllowanceFacts, FeeLine, FeeParts, Visit } from '#benefits/types.ts';
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
  'circumstances',
  'days',
  'disability',
  'care_form',
  'allowance',
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
  if (!isMap(yaml.root.node)) return [yaml.root];
  const visits = mappingParts(yaml, yaml.root).find(({ key }) => key === 'visits');
  return visits ? listParts(yaml, visits) : [yaml.root];
}

/**
 * The visits of a file in their order. Everything wrong gathers in `yaml.problems`. `tolerance`: of count × price, fen;
 * `withCatalogue`: a line may leave its class to the catalogue.
 */
export function readVisits(
  yaml: YamlFile,
  declared: Declared,
  tolerance: number,
  withCatalogue = false,
): Visit[] {
  const parts = visitParts(yaml);
  if (parts[0] !== yaml.root) {
    const { visits } = knownParts(yaml, yaml.root, ['visits'], ['person']);
    if (parts.length === 0) reportYaml(yaml, errors.NO_VISITS, visits ?? yaml.root, { field: 'visits' });
  }
  const context = { declared, tolerance, withCatalogue };
  const visits: Visit[] = [];
  for (const [index, part] of parts.entries()) {
    const visit = readVisit(yaml, part, `visit-${index + 1}`, context);
    if (visit === undefined) continue;
    const last = visits.at(-1);
    if (last && visit.date < last.date) {
      const other = `${last.id} ${last.date}`;
      reportYaml(yaml, errors.CONTRADICTS, part, { field: 'date', value: visit.date, parameters: { other } });
    }
    if (visits.some(({ id }) => id === visit.id)) {
      reportYaml(yaml, errors.REPEATED_VISIT, part, { field: 'id', value: visit.id });
    }
    visits.push(visit);
  }
  return visits;
}

type ReadContext = {
  readonly declared: Declared;
  readonly tolerance: number;
  readonly withCatalogue: boolean;
};

function readVisit(yaml: YamlFile, part: Part, fallbackId: string, context: ReadContext): Visit | undefined {
  const { declared } = context;
  const inFile = part === yaml.root ? (['person'] as const) : ([] as const);
  const keys = knownParts(yaml, part, ['date', 'care'], [...KEYS, ...inFile]);
  const word = (
    key:
      | 'care'
      | 'level'
      | 'place'
      | 'filing'
      | 'referral'
      | 'delivery'
      | 'epidemic'
      | 'disability'
      | 'care_form',
  ) => wordPart(yaml, keys[key], key, declared);
  const date = dayPart(yaml, keys.date);
  const care = word('care');
  // care by the family has no bill: its standard is paid
  const mayLack = care === 'long-term-care' || keys.allowance !== undefined;
  if (keys.lines && keys.amounts) reportYaml(yaml, errors.NO_FEES, part);
  else if (!keys.lines && !keys.amounts && !mayLack && care !== undefined) {
    reportYaml(yaml, errors.NO_FEES, part);
  }
  const lineParts = keys.lines && listParts(yaml, keys.lines);
  if (lineParts?.length === 0) reportYaml(yaml, errors.NO_FEES, keys.lines!, { field: 'lines' });
  const needs = (field: 'mid_stay' | 'deductible_credit', needed: 'stay' | 'referral') => {
    if (keys[field] && !keys[needed])
      reportYaml(yaml, errors.NEEDS, keys[field], { field, parameters: { needed } });
  };
  needs('mid_stay', 'stay');
  needs('deductible_credit', 'referral');
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
    circumstances:
      keys.circumstances &&
      listParts(yaml, keys.circumstances).flatMap(
        (item) => wordPart(yaml, item, 'circumstance', declared) ?? [],
      ),
    days: countPart(yaml, keys.days, 999, 0),
    disability: word('disability'),
    careForm: word('care_form'),
    allowance: keys.allowance && readAllowance(yaml, keys.allowance),
    admission: countPart(yaml, keys.admission, 999, 1),
    midStay: booleanPart(yaml, keys.mid_stay),
    stay: textPart(yaml, keys.stay),
    creditFen: fenPart(yaml, keys.deductible_credit),
    thirdPartyShare: ratioPart(yaml, keys.third_party_share),
    account: choicePart(yaml, keys.account, ['none', 'own', 'family']),
    lines: lineParts?.flatMap((line) => readLine(yaml, line, context) ?? []),
    parts: keys.amounts && readAmounts(yaml, keys.amounts),
  };
  if (keys.allowance && !keys.delivery) {
    const parameters = { needed: 'delivery' };
    reportYaml(yaml, errors.NEEDS, keys.allowance, { field: 'allowance', parameters });
  }
  return date === undefined || care === undefined ? undefined : { ...visit, date, care };
}

/** `{unit_wage, babies, difficult}`: what the maternity allowance is worked out from, beside the kind of delivery. */
function readAllowance(yaml: YamlFile, part: Part): AllowanceFacts | undefined {
  const keys = knownParts(yaml, part, ['unit_wage'], ['babies', 'difficult']);
  const unitWageFen = fenPart(yaml, keys.unit_wage);
  const babies = countPart(yaml, keys.babies, 9, 1) ?? 1;
  const difficult = booleanPart(yaml, keys.difficult) ?? false;
  return unitWageFen === undefined ? undefined : { unitWageFen, babies, difficult };
}

function readAmounts(yaml: YamlFile, part: Part): FeeParts | undefined {
  const before = yaml.problems.length;
  const keys = knownParts(yaml, part, [], ['total', 'own', 'over_limit', 'prior', 'in_scope']);
  const amount = (key: 'own' | 'over_limit' | 'prior') => fenPart(yaml, keys[key]) ?? 0;
  const [ownFen, overLimitFen, priorFen] = [amount('own'), amount('over_limit'), amount('prior')];
  const total = fenPart(yaml, keys.total);
  const inScopeFen = fenPart(yaml, keys.in_scope) ?? (total ?? 0) - ownFen - overLimitFen - priorFen;
  // amounts that could not be read have been reported: their sum says nothing
  if (yaml.problems.length > before) return undefined;
  const sum = ownFen + overLimitFen + priorFen + inScopeFen;
  if (inScopeFen < 0 || (total !== undefined && total !== sum)) {
    const shown = {
      total: yuanText(BigInt(total ?? 0)),
      sum: yuanText(BigInt(Math.max(sum, sum - inScopeFen))),
    };
    reportYaml(yaml, errors.PARTS_DIFFER, part, { field: 'amounts', parameters: shown });
    return undefined;
  }
  if (keys.total === undefined && keys.in_scope === undefined) reportYaml(yaml, errors.NO_FEES, part);
  return { ownFen, overLimitFen, priorFen, inScopeFen };
}

function readLine(yaml: YamlFile, part: Part, context: ReadContext): FeeLine | undefined {
  const { declared, tolerance, withCatalogue } = context;
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
  if (!keys.class && !(withCatalogue && keys.code)) {
    reportYaml(yaml, errors.NO_LINE_CLASS, part, { field: 'class' });
  }
  if (priorType === '20' && !keys.prior_ratio) {
    reportYaml(yaml, errors.NO_DIRECT_RATIO, part, { field: 'prior_ratio' });
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
