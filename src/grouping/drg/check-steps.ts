import type { ErrorDefinition, Problem } from '#kernel/errors.ts';
import { type Condition, ConditionFault, parseCondition, testsOf } from './condition.ts';
import { drgErrors } from './errors.ts';
import { codesOf, LEVELS, type Scheme, type Step, VALID_PROCEDURES } from './scheme.ts';
import type { SchemeRecord } from './scheme-file.ts';

const FILE = 'steps.csv';

/** The steps of steps.csv in order. Steps with a condition that cannot be parsed get `always` beside their problem. */
export function readSteps(records: readonly SchemeRecord[], problems: Problem[]): Step[] {
  const steps: Step[] = [];
  let previous: { readonly seq: number; readonly row: number } | undefined;
  for (const { row, cells } of records) {
    const [seqText, levelText, mdc, code, text] = cells as [string, string, string, string, string];
    const report = (definition: ErrorDefinition, field: string, value: string, parameters = {}) =>
      problems.push({ definition, file: FILE, row, field, value, parameters });
    const seq = /^\d{1,9}$/.test(seqText) ? Number(seqText) : undefined;
    if (seq === undefined) report(drgErrors.badSeq, 'seq', seqText);
    else {
      if (previous !== undefined && seq <= previous.seq) {
        report(drgErrors.seqOrder, 'seq', seqText, { earlier: previous.seq, earlierRow: previous.row });
      }
      previous = { seq, row };
    }
    if (code === '') report(drgErrors.emptyField, 'code', '');
    const condition = readCondition(text, row, problems);
    const level = LEVELS.find((each) => each === levelText);
    if (level === undefined) report(drgErrors.unknownLevel, 'level', levelText);
    else steps.push({ seq: seq ?? 0, row, level, mdc, code, text, condition });
  }
  return steps;
}

function readCondition(text: string, row: number, problems: Problem[]): Condition {
  const place = { file: FILE, row, field: 'condition', value: text };
  if (text === '') {
    problems.push({ definition: drgErrors.emptyField, ...place });
    return { kind: 'always' };
  }
  try {
    return parseCondition(text);
  } catch (error) {
    if (!(error instanceof ConditionFault)) throw error;
    problems.push({ definition: error.definition, ...place, parameters: error.parameters });
    return { kind: 'always' };
  }
}

/** Every step in its section, every list that a step names there and not empty, every group with a name. */
export function checkSteps(scheme: Scheme, files: ReadonlySet<string>, problems: Problem[]): void {
  let mdc: Step | undefined;
  let adrg: Step | undefined;
  let before: Step | undefined;
  const unnamed = new Set<string>();
  for (const step of scheme.steps) {
    const report = (definition: ErrorDefinition, field: string, parameters = {}) =>
      problems.push({
        definition,
        file: FILE,
        row: step.row,
        field,
        value: field === 'mdc' ? step.mdc : step.code,
        parameters,
      });
    if (step.level === 'mdc') {
      mdc = step;
      adrg = undefined;
      if (step.mdc !== step.code) report(drgErrors.wrongMdc, 'mdc', { mdc: step.code, earlierRow: step.row });
    } else if (mdc === undefined) report(drgErrors.outsideMdc, 'level', { level: step.level });
    else if (step.mdc !== mdc.code) {
      report(drgErrors.wrongMdc, 'mdc', { mdc: mdc.code, earlierRow: mdc.row });
    }
    const earlier = { earlier: placeOf(before), earlierRow: before?.row ?? '' };
    if (step.level === 'adrg') adrg = step;
    if (step.level === 'ambiguous') {
      if (before?.level === 'adrg') report(drgErrors.ambiguousUnderAdrg, 'level', earlier);
      adrg = undefined;
    }
    if (step.level === 'drg') {
      if (adrg === undefined) {
        if (mdc !== undefined) report(drgErrors.outsideAdrg, 'level', earlier);
      } else if (!step.code.startsWith(adrg.code)) {
        report(drgErrors.foreignDrg, 'code', { adrg: adrg.code, earlierRow: adrg.row });
      }
      const isFallback = adrg !== undefined && step.code === adrg.code;
      const hasName = scheme.groups.has(step.code) || isFallback || step.code === '';
      if (!hasName && files.has('groups.csv') && !unnamed.has(step.code)) {
        unnamed.add(step.code);
        report(drgErrors.noName, 'code');
      }
    }
    checkLists(scheme, step, files, problems);
    before = step;
  }
}

const placeOf = (step: Step | undefined): string => (step === undefined ? '' : `${step.level} ${step.code}`);

/** The lists, parts and tables a step needs must be there and hold codes; a file that could not be read is not held against it. */
function checkLists(scheme: Scheme, step: Step, files: ReadonlySet<string>, problems: Problem[]): void {
  const reported = new Set<string>();
  const report = (definition: ErrorDefinition, parameters: Readonly<Record<string, string>>) => {
    const key = `${definition.code} ${Object.values(parameters).join('/')}`;
    if (reported.has(key)) return;
    reported.add(key);
    const place = { file: FILE, row: step.row, field: 'condition', value: step.text };
    problems.push({ definition, ...place, parameters });
  };
  const check = (list: string, part: string | undefined) => {
    const file = list === VALID_PROCEDURES ? 'valid_procedures.csv' : 'lists.csv';
    if (!files.has(file)) return;
    if (list !== VALID_PROCEDURES && !scheme.lists.has(list)) return report(drgErrors.unknownList, { list });
    const codes = codesOf(scheme, list, part);
    if (codes === undefined) return report(drgErrors.unknownPart, { list, part: part! });
    if (codes.size === 0) report(drgErrors.emptyList, { list: `@${list}`, place: file });
  };
  for (const test of testsOf(step.condition)) {
    if (test.kind === 'sites') check(test.list, undefined);
    if (test.kind === 'codes' && 'list' in test.set) check(test.set.list, test.set.part);
    if (test.kind === 'complication') {
      const file = `${test.severity}.csv`;
      if (files.has(file) && scheme[test.severity].size === 0) {
        report(drgErrors.emptyList, { list: file, place: file });
      }
    }
  }
}
