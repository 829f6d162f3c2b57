import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMES } from '#catalogue/area-tables.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { yuanText } from '#kernel/money.ts';
import {
  choicePart,
  isParameterName,
  knownParts,
  listParts,
  mappingParts,
  type Part,
  type Policy,
  reportYaml,
  textPart,
  type YamlFile,
} from '#policy/index.ts';
import { budgetErrors } from './errors.ts';
import { amountPart, datePart, readAreaYaml, reportValue, yearPart } from './plan-file.ts';

export const NEGOTIATION_FILE = 'negotiation.yaml';

export type Participant = {
  readonly name: string;
  readonly organisation: string;
  readonly side: 'agency' | 'institution';
};

/** What a proposal rests on: a file of the area folder as it was then, or a figure with its source. */
export type NegotiationData =
  | { readonly file: string; readonly sha256: string }
  | { readonly figure: string; readonly source: string };

export type Proposal = {
  readonly by: string;
  readonly on: string;
  readonly proposes: string;
  readonly data: readonly NegotiationData[];
};

export type FixedNumber =
  | {
      readonly kind: 'budget';
      readonly year: number;
      readonly scheme: '310' | '390';
      readonly agreed: string;
      readonly line: number;
    }
  | {
      readonly kind: 'parameter';
      readonly year: number;
      readonly parameter: string;
      readonly agreed: string;
      readonly line: number;
    };

/** One round of talks: who proposed what on which data, who took part, when it was agreed, which numbers it fixed. */
export type Negotiation = {
  readonly id: string;
  readonly subject: string;
  readonly agreedOn: string;
  readonly proposals: readonly Proposal[];
  readonly participants: readonly Participant[];
  /** as many of the agency as of the institutions */
  readonly hasParity: boolean;
  readonly signedBy: readonly string[];
  readonly fixes: readonly FixedNumber[];
};

export type Negotiations = { readonly rounds: readonly Negotiation[]; readonly sha256: string };

/**
 * Reads `negotiation.yaml` of an area folder and compares the data it names with what lies there now.
 * @throws YibaoError with file, line, key, value and remedy
 */
export function readNegotiations(folder: string): Negotiations | undefined {
  const file = readAreaYaml(folder, NEGOTIATION_FILE);
  if (!file) return undefined;
  const { yaml, sha256 } = file;
  const { rounds: part } = knownParts(yaml, yaml.root, ['rounds'], []);
  const rounds = part ? listParts(yaml, part).flatMap((item) => readRound(yaml, item, folder)) : [];
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  return { rounds, sha256 };
}

function readRound(yaml: YamlFile, part: Part, folder: string): Negotiation[] {
  const before = yaml.problems.length;
  const keys = knownParts(
    yaml,
    part,
    ['id', 'subject', 'agreed_on', 'proposals', 'participants', 'fixes'],
    ['signed_by'],
  );
  const [id, subject] = [textPart(yaml, keys.id), textPart(yaml, keys.subject)];
  const agreedOn = datePart(yaml, keys.agreed_on);
  const proposals = keys.proposals
    ? listParts(yaml, keys.proposals).flatMap((item) => readProposal(yaml, item, folder))
    : [];
  const participants = keys.participants
    ? listParts(yaml, keys.participants).flatMap((item) => readParticipant(yaml, item))
    : [];
  const signedBy = keys.signed_by
    ? listParts(yaml, keys.signed_by).flatMap((item) => textPart(yaml, item) ?? [])
    : [];
  const fixes = keys.fixes ? readFixes(yaml, keys.fixes) : [];
  const late = proposals.find((proposal) => agreedOn !== undefined && proposal.on > agreedOn);
  if (late && keys.agreed_on) {
    const parameters = { proposed: late.on };
    reportYaml(yaml, budgetErrors.roundDates, keys.agreed_on, {
      field: 'agreed_on',
      value: agreedOn!,
      parameters,
    });
  }
  const count = (side: Participant['side']) => participants.filter((each) => each.side === side).length;
  const [agency, institution] = [count('agency'), count('institution')];
  if (keys.participants && yaml.problems.length === before && (agency === 0 || institution === 0)) {
    reportYaml(yaml, budgetErrors.oneSided, keys.participants, { parameters: { agency, institution } });
  }
  if (yaml.problems.length > before || !id || !subject || !agreedOn) return [];
  const hasParity = agency === institution;
  return [{ id, subject, agreedOn, proposals, participants, hasParity, signedBy, fixes }];
}

function readProposal(yaml: YamlFile, part: Part, folder: string): Proposal[] {
  const keys = knownParts(yaml, part, ['by', 'on', 'proposes', 'data'], []);
  const [by, proposes] = [textPart(yaml, keys.by), textPart(yaml, keys.proposes)];
  const on = datePart(yaml, keys.on);
  const data = keys.data ? listParts(yaml, keys.data).flatMap((item) => readData(yaml, item, folder)) : [];
  return by && on && proposes ? [{ by, on, proposes, data }] : [];
}

function readData(yaml: YamlFile, part: Part, folder: string): NegotiationData[] {
  const isFile = mappingParts(yaml, part).some((each) => each.key === 'file' || each.key === 'sha256');
  if (!isFile) {
    const keys = knownParts(yaml, part, ['figure', 'source'], []);
    const [figure, source] = [textPart(yaml, keys.figure), textPart(yaml, keys.source)];
    return figure && source ? [{ figure, source }] : [];
  }
  const keys = knownParts(yaml, part, ['file', 'sha256'], []);
  const [file, sha256] = [textPart(yaml, keys.file), textPart(yaml, keys.sha256)?.toLowerCase()];
  if (!file || !sha256) return [];
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    reportValue(yaml, keys.sha256!, sha256, { zh: '64 位十六进制数', en: '64 hexadecimal digits' });
    return [];
  }
  const isInside = /^[^/\\.][^\\]*$/.test(file) && !file.split('/').includes('..');
  const path = join(folder, file);
  if (!isInside || !existsSync(path) || !statSync(path).isFile()) {
    reportYaml(yaml, budgetErrors.dataMissing, keys.file!, { field: 'file', value: file });
    return [];
  }
  const found = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (found !== sha256) {
    reportYaml(yaml, budgetErrors.dataChanged, keys.sha256!, {
      field: 'sha256',
      value: file,
      parameters: { found },
    });
  }
  return [{ file, sha256 }];
}

function readParticipant(yaml: YamlFile, part: Part): Participant[] {
  const keys = knownParts(yaml, part, ['name', 'organisation', 'side'], []);
  const [name, organisation] = [textPart(yaml, keys.name), textPart(yaml, keys.organisation)];
  const side = choicePart(yaml, keys.side, ['agency', 'institution']);
  return name && organisation && side ? [{ name, organisation, side }] : [];
}

function readFixes(yaml: YamlFile, part: Part): FixedNumber[] {
  const keys = knownParts(yaml, part, [], ['budgets', 'parameters']);
  const budgets = keys.budgets ? listParts(yaml, keys.budgets) : [];
  const parameters = keys.parameters ? listParts(yaml, keys.parameters) : [];
  return [
    ...budgets.flatMap((item): FixedNumber[] => {
      const { year: yearKey, insutype, amount } = knownParts(yaml, item, ['year', 'insutype', 'amount'], []);
      const year = yearPart(yaml, yearKey);
      const scheme = choicePart(yaml, insutype, SCHEMES);
      const fen = amountPart(yaml, amount, false);
      if (year === undefined || !scheme || fen === undefined) return [];
      return [{ kind: 'budget', year, scheme, agreed: yuanText(fen), line: item.line }];
    }),
    ...parameters.flatMap((item): FixedNumber[] => {
      const found = knownParts(yaml, item, ['year', 'parameter', 'value'], []);
      const year = yearPart(yaml, found.year);
      const [parameter, agreed] = [textPart(yaml, found.parameter), textPart(yaml, found.value)];
      return year !== undefined && parameter && agreed
        ? [{ kind: 'parameter', year, parameter, agreed, line: item.line }]
        : [];
    }),
  ];
}

/** A budget in use and the place it stands. */
export type BudgetInUse = {
  readonly year: number;
  readonly scheme: string;
  readonly budgetFen: bigint;
  readonly place: string;
};

/**
 * The numbers of a year that the talks fixed must be those in use: what differs, with the line of the minutes and the
 * place of the number.
 */
export function problemsWithFixed(
  rounds: readonly Negotiation[],
  year: number,
  budgets: readonly BudgetInUse[],
  policy: Policy,
): Problem[] {
  // a later round replaces what an earlier one fixed
  const last = new Map<string, FixedNumber>();
  for (const round of rounds.toSorted((a, b) =>
    a.agreedOn < b.agreedOn ? -1 : a.agreedOn > b.agreedOn ? 1 : 0,
  )) {
    for (const fixed of round.fixes) {
      last.set(
        fixed.kind === 'budget' ? `budget ${fixed.year} ${fixed.scheme}` : `${fixed.parameter} ${fixed.year}`,
        fixed,
      );
    }
  }
  return [...last.values()]
    .filter((fixed) => fixed.year === year)
    .flatMap((fixed): Problem[] => {
      const where = { file: NEGOTIATION_FILE, row: fixed.line };
      if (fixed.kind === 'budget') {
        const budget = budgets.find((row) => row.year === year && row.scheme === fixed.scheme);
        const field = `budgets ${fixed.scheme}`;
        if (!budget) return [{ definition: budgetErrors.notInForce, ...where, field, value: fixed.agreed }];
        const actual = yuanText(budget.budgetFen);
        if (actual === fixed.agreed) return [];
        const parameters = { agreed: fixed.agreed, actual, place: budget.place };
        return [{ definition: budgetErrors.notAgreed, ...where, field, parameters }];
      }
      const value = isParameterName(fixed.parameter) ? policy.values[fixed.parameter] : undefined;
      const field = fixed.parameter;
      if (!value) return [{ definition: budgetErrors.notInForce, ...where, field, value: fixed.agreed }];
      if (sameValue(value.value.text, fixed.agreed)) return [];
      const parameters = {
        agreed: fixed.agreed,
        actual: value.value.text,
        place: `${value.file}:${value.line}`,
      };
      return [{ definition: budgetErrors.notAgreed, ...where, field, parameters }];
    });
}

/** `budget 2025 310 = 5200000.37`, `2025 point_value.mode = fixed`. */
export const fixedText = (fixed: FixedNumber): string =>
  fixed.kind === 'budget'
    ? `budget ${fixed.year} ${fixed.scheme} = ${fixed.agreed}`
    : `${fixed.year} ${fixed.parameter} = ${fixed.agreed}`;

/** 0.50 is 0.5, and white space around separators does not matter. */
const sameValue = (a: string, b: string): boolean => canonical(a) === canonical(b);
const canonical = (text: string): string =>
  text.replaceAll(/\s+/g, '').replaceAll(/\d+\.\d+/g, (number) => number.replace(/\.?0+$/, ''));
