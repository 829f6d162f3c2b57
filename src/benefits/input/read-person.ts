import { isMap } from 'yaml';
import { isAccumulator } from '#benefits/accumulators.ts';
import * as errors from '#benefits/errors.ts';
import type { BenefitPolicy } from '#benefits/policy.ts';
import type { Accumulators, Identity, Person } from '#benefits/types.ts';
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
import { countPart, dayPart, fenPart, wordPart } from './reader.ts';

/** A person as a file writes one, with the accounts and what the year has used up so far. */
export type PersonFile = { readonly person: Person; readonly accumulators: Accumulators | undefined };

/** Reads a mapping with `scheme` and what else is known of a person, on the first day of the visits. Everything wrong gathers in `yaml.problems`. */
export function readPerson(
  yaml: YamlFile,
  part: Part,
  declared: BenefitPolicy['declared'],
  year: number,
  firstDay?: string,
): PersonFile | undefined {
  const keys = knownParts(
    yaml,
    part,
    ['scheme'],
    [
      'id',
      'name',
      'person',
      'sex',
      'birth_date',
      'age',
      'identities',
      'members',
      'status',
      'entitled_from',
      'entitled_to',
      'waiting_until',
      'enrolled_years',
      'zero_claim_years',
      'earned_before_gap',
      'incentive',
      'income',
      'account_balance',
      'family_balances',
      'accumulators',
    ],
  );
  const scheme = wordPart(yaml, keys.scheme, 'scheme', declared);
  const person = {
    person: wordPart(yaml, keys.person, 'person', declared),
    sex: wordPart(yaml, keys.sex, 'sex', declared),
    birthDate: dayPart(yaml, keys.birth_date),
    age: countPart(yaml, keys.age, 150),
    identities: keys.identities && readIdentities(yaml, keys.identities, declared),
    members:
      keys.members &&
      listParts(yaml, keys.members).flatMap((item) => wordPart(yaml, item, 'member', declared) ?? []),
    status: choicePart(yaml, keys.status, ['normal', 'paused', 'ended']),
    entitledFrom: dayPart(yaml, keys.entitled_from),
    entitledTo: dayPart(yaml, keys.entitled_to),
    waitingUntil: dayPart(yaml, keys.waiting_until),
    enrolledYears: countPart(yaml, keys.enrolled_years, 100),
    zeroClaimYears: countPart(yaml, keys.zero_claim_years, 100),
    earnedBeforeGapFen: fenPart(yaml, keys.earned_before_gap),
    incentiveFen: fenPart(yaml, keys.incentive),
    incomeFen: fenPart(yaml, keys.income),
  };
  if (keys.age && keys.birth_date) {
    const parameters = { other: 'birth_date' };
    reportYaml(yaml, errors.CONTRADICTS, keys.age, { field: 'age', parameters });
  }
  if (keys.birth_date && firstDay !== undefined && (person.birthDate ?? '') > firstDay) {
    const parameters = { other: `date ${firstDay}` };
    reportYaml(yaml, errors.CONTRADICTS, keys.birth_date, {
      field: 'birth_date',
      value: person.birthDate,
      parameters,
    });
  }
  reportBackwards(yaml, keys.entitled_to, person.entitledFrom, person.entitledTo, 'entitled_from');
  const values: Record<string, number> = {};
  const put = (code: string, fen: number | undefined) => {
    if (fen !== undefined && fen !== 0) values[code] = fen;
  };
  put('balance:own', fenPart(yaml, keys.account_balance));
  for (const each of keys.family_balances ? mappingParts(yaml, keys.family_balances) : []) {
    put(`balance:family:${each.key}`, fenPart(yaml, each));
  }
  const used = keys.accumulators && readAccumulators(yaml, keys.accumulators, year);
  for (const [code, value] of Object.entries(used?.values ?? {})) put(code, value);
  textPart(yaml, keys.id);
  textPart(yaml, keys.name);
  if (scheme === undefined) return undefined;
  return { person: { ...person, scheme }, accumulators: { year: used?.year ?? year, values } };
}

/** `[subsistence, …]`, or with dates `[{name: subsistence, from: 2025-03-01, to: …}]`. */
function readIdentities(yaml: YamlFile, part: Part, declared: BenefitPolicy['declared']): Identity[] {
  return listParts(yaml, part).flatMap((item): Identity[] => {
    if (!isMap(item.node)) {
      const name = wordPart(yaml, item, 'identity', declared);
      return name === undefined ? [] : [{ name }];
    }
    const keys = knownParts(yaml, item, ['name'], ['from', 'to']);
    const name = wordPart(yaml, keys.name, 'identity', declared);
    const [from, to] = [dayPart(yaml, keys.from), dayPart(yaml, keys.to)];
    reportBackwards(yaml, keys.to, from, to, 'from');
    return name === undefined ? [] : [{ name, from, to }];
  });
}

function reportBackwards(
  yaml: YamlFile,
  part: Part | undefined,
  from: string | undefined,
  to: string | undefined,
  other: string,
): void {
  if (!part || from === undefined || to === undefined || from <= to) return;
  const parameters = { other: `${other} ${from}` };
  reportYaml(yaml, errors.CONTRADICTS, part, { field: part.key, value: to, parameters });
}

/** `{year, values: {code: integer}}`, as --json prints them: fen, counts and rests. */
function readAccumulators(yaml: YamlFile, part: Part, visitYear: number): Accumulators | undefined {
  const keys = knownParts(yaml, part, ['year', 'values'], []);
  const year = countPart(yaml, keys.year, 9999, 1990);
  if (keys.year && year !== undefined && year > visitYear) {
    const parameters = { other: `date ${visitYear}` };
    reportYaml(yaml, errors.CONTRADICTS, keys.year, { field: 'year', value: String(year), parameters });
  }
  const values: Record<string, number> = {};
  for (const each of keys.values ? mappingParts(yaml, keys.values) : []) {
    const text = textPart(yaml, each);
    if (text === undefined) continue;
    if (!isAccumulator(each.key)) {
      reportYaml(yaml, errors.UNKNOWN_ACCUMULATOR, each, { field: each.key, value: text });
    }
    if (/^-?\d{1,15}$/.test(text)) values[each.key] = Number(text);
    else {
      const parameters = { expectedZh: '整数（分、次数）', expectedEn: 'a whole number (fen or a count)' };
      reportYaml(yaml, errors.WRONG_NUMBER, each, { field: each.key, value: text, parameters });
    }
  }
  return year === undefined ? undefined : { year, values };
}
