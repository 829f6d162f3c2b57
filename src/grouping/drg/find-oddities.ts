import type { ErrorDefinition, Problem } from '#kernel/errors.ts';
import { type Comparison, type Condition, compares, conditionText, testsOf } from './condition.ts';
import { drgWarnings } from './errors.ts';
import { codesOf, type Scheme, type Step, sectionsOf, VALID_PROCEDURES } from './scheme.ts';
import type { SchemeRecord } from './scheme-file.ts';

const STEPS = 'steps.csv';

/** What is odd in a scheme that can be used: steps never reached, groups without a step, tables that do not fit. */
export function findOddities(
  scheme: Scheme,
  records: (file: string) => readonly SchemeRecord[],
  warnings: Problem[],
): void {
  const unreachable = findUnreachable(scheme, warnings);
  findUnreachedGroups(scheme, unreachable, records('groups.csv'), warnings);
  findOddLists(scheme, records('lists.csv'), warnings);
  findOddComplications(scheme, records, warnings);
}

/** A step beside others of which the first that holds is taken. `sure`: once it holds there is a result. */
type Rival = { readonly step: Step; readonly sure: boolean; readonly fallbackOf?: string };

/** Reports steps that are never reached and returns them with everything below them. */
function findUnreachable(scheme: Scheme, warnings: Problem[]): ReadonlySet<Step> {
  const unreachable = new Set<Step>();
  const isAlways = (step: Step) => step.condition.kind === 'always';
  const sections = sectionsOf(scheme.steps);
  const sectionRivals: Rival[] = [];
  for (const { step: mdc, items } of sections) {
    const itemRivals: Rival[] = [];
    for (const item of items) {
      if (item.kind === 'ambiguous') {
        itemRivals.push({ step: item.step, sure: true });
        reportImpossible(scheme, [mdc, item.step], unreachable, warnings);
        continue;
      }
      if (item.drgs.length === 0) {
        warnings.push(at(drgWarnings.adrgWithoutDrg, item.step, 'code', item.step.code));
      }
      itemRivals.push({ step: item.step, sure: item.drgs.some(isAlways) });
      const possible = reportImpossible(scheme, [mdc, item.step], unreachable, warnings);
      if (!possible) for (const drg of item.drgs) unreachable.add(drg);
      else {
        for (const drg of item.drgs) {
          if (!isAlways(drg)) reportImpossible(scheme, [mdc, item.step, drg], unreachable, warnings);
        }
      }
      const drgRivals = item.drgs.map((step) => ({ step, sure: true, fallbackOf: item.step.code }));
      compareRivals(scheme, drgRivals, unreachable, warnings);
    }
    sectionRivals.push({
      step: mdc,
      sure: itemRivals.some(({ step, sure }) => sure && isAlways(step)),
    });
    compareRivals(scheme, itemRivals, unreachable, warnings);
  }
  compareRivals(scheme, sectionRivals, unreachable, warnings);
  for (const { step: mdc, items } of sections) {
    for (const item of items) {
      if (unreachable.has(mdc)) unreachable.add(item.step);
      if (item.kind === 'adrg' && unreachable.has(item.step)) {
        for (const drg of item.drgs) unreachable.add(drg);
      }
    }
  }
  return unreachable;
}

/** Of steps beside each other: those behind an `always`, with a condition already seen, or with codes already taken. */
function compareRivals(
  scheme: Scheme,
  rivals: readonly Rival[],
  unreachable: Set<Step>,
  warnings: Problem[],
): void {
  let always: Step | undefined;
  const seen = new Map<string, Step>();
  const taken = new Map<string, { readonly codes: Set<string>; readonly by: string[] }>();
  for (const { step, sure, fallbackOf } of rivals) {
    const text = conditionText(step.condition);
    const earlier = seen.get(text);
    const { condition } = step;
    const single = condition.kind === 'codes' ? condition : undefined;
    const codes =
      single === undefined
        ? undefined
        : 'codes' in single.set
          ? new Set(single.set.codes)
          : codesOf(scheme, single.set.list, single.set.part);
    const before = single && taken.get(single.test);
    if (always !== undefined) {
      const isFallback = fallbackOf === step.code;
      const definition = isFallback ? drgWarnings.unreachableFallback : drgWarnings.unreachable;
      warnings.push(at(definition, step, 'code', step.code, earlierOf(always)));
      unreachable.add(step);
      continue;
    }
    if (earlier !== undefined) {
      warnings.push(at(drgWarnings.repeatedCondition, step, 'condition', step.text, earlierOf(earlier)));
      unreachable.add(step);
      continue;
    }
    if (codes !== undefined && before !== undefined && codes.isSubsetOf(before.codes)) {
      const parameters = { earlier: before.by.join(', ') };
      warnings.push(at(drgWarnings.shadowed, step, 'condition', step.text, parameters));
      unreachable.add(step);
      continue;
    }
    if (!sure) continue;
    if (condition.kind === 'always') always = step;
    seen.set(text, step);
    if (single === undefined || codes === undefined) continue;
    const shared = before ?? { codes: new Set<string>(), by: [] };
    for (const code of codes) shared.codes.add(code);
    shared.by.push(step.code);
    taken.set(single.test, shared);
  }
}

const earlierOf = (step: Step) => ({ earlier: `${step.level} ${step.code}`, earlierRow: step.row });

const at = (
  definition: ErrorDefinition,
  step: Step,
  field: string,
  value: string,
  parameters: Readonly<Record<string, string | number>> = {},
): Problem => ({ definition, file: STEPS, row: step.row, field, value, parameters });

/** Whether the last step of a path can hold together with those above it, as far as its `and` parts tell. */
function reportImpossible(
  scheme: Scheme,
  path: readonly Step[],
  unreachable: Set<Step>,
  warnings: Problem[],
): boolean {
  const step = path.at(-1)!;
  const parts = path.flatMap(({ condition }) => partsOf(condition));
  const subject = contradiction(scheme, parts);
  if (subject === undefined) return true;
  const parameters = { reason: `${subject} 互相矛盾`, reasonEn: `${subject} contradicts itself` };
  warnings.push(at(drgWarnings.impossible, step, 'condition', step.text, parameters));
  unreachable.add(step);
  return false;
}

const partsOf = (condition: Condition): readonly Condition[] =>
  condition.kind === 'and' ? condition.conditions.flatMap(partsOf) : [condition];

/** The number, text or code about which conditions that must hold together cannot agree. */
function contradiction(scheme: Scheme, parts: readonly Condition[]): string | undefined {
  const comparisons = new Map<string, Comparison[]>();
  const values = new Map<string, ReadonlySet<string>>();
  const meet = (subject: string, set: ReadonlySet<string>): boolean => {
    const known = values.get(subject);
    const common = known === undefined ? set : known.intersection(set);
    values.set(subject, common);
    return common.size > 0;
  };
  for (const part of parts) {
    if (part.kind === 'number') {
      comparisons.set(part.field, [...(comparisons.get(part.field) ?? []), ...part.comparisons]);
    } else if (part.kind === 'text') {
      if (!meet(part.field, new Set(part.values))) return part.field;
    } else if (part.kind === 'codes' && part.test.startsWith('principal_')) {
      const { set } = part;
      const codes = 'codes' in set ? new Set(set.codes) : codesOf(scheme, set.list, set.part);
      if (codes !== undefined && !meet(part.test, codes)) return part.test;
    }
  }
  for (const [field, list] of comparisons) {
    const limits = list.map(({ value }) => value).toSorted((a, b) => a - b);
    const tried = [0, ...limits, ...limits.map((limit, i) => (limit + (limits[i + 1] ?? limit + 2)) / 2)];
    const fits = tried.some((value) => value >= 0 && list.every((comparison) => compares(value, comparison)));
    if (!fits) return field;
  }
  return undefined;
}

function findUnreachedGroups(
  scheme: Scheme,
  unreachable: ReadonlySet<Step>,
  groups: readonly SchemeRecord[],
  warnings: Problem[],
): void {
  const reached = new Set(
    scheme.steps.flatMap((step) =>
      (step.level === 'drg' || step.level === 'ambiguous') && !unreachable.has(step) ? [step.code] : [],
    ),
  );
  for (const { row, cells } of groups) {
    const [drg] = cells as [string, string];
    if (reached.has(drg)) continue;
    warnings.push({
      definition: drgWarnings.groupNeverReached,
      file: 'groups.csv',
      row,
      field: 'drg',
      value: drg,
    });
  }
  const told = new Set<string>();
  for (const step of scheme.steps) {
    if (!reached.has(step.code) || scheme.groups.has(step.code) || unreachable.has(step)) continue;
    if (step.level !== 'drg' && step.level !== 'ambiguous') continue;
    if (told.has(step.code)) continue;
    told.add(step.code);
    warnings.push(at(drgWarnings.unnamedResult, step, 'code', step.code, { level: step.level }));
  }
}

function findOddLists(scheme: Scheme, records: readonly SchemeRecord[], warnings: Problem[]): void {
  const file = 'lists.csv';
  const used = new Set<string>([VALID_PROCEDURES]);
  const sites = new Set<string>();
  for (const step of scheme.steps) {
    for (const test of testsOf(step.condition)) {
      if (test.kind === 'codes' && 'list' in test.set) used.add(test.set.list);
      if (test.kind === 'sites') {
        used.add(test.list);
        sites.add(test.list);
      }
    }
  }
  for (const [list, { row }] of scheme.lists) {
    if (used.has(list)) continue;
    const parameters = { list };
    warnings.push({ definition: drgWarnings.unusedList, file, row, field: 'list', value: list, parameters });
  }
  for (const list of sites) {
    const { partOf, row } = scheme.lists.get(list)!;
    const codes = [...partOf.values()].filter((part) => part === '').length;
    if (codes === 0) continue;
    const parameters = { list, codes };
    warnings.push({ definition: drgWarnings.noPart, file, row, field: 'part', value: list, parameters });
  }
  const first = new Map<string, { readonly row: number; readonly part: string }>();
  for (const { row, cells } of records) {
    const [list, code, part] = cells as [string, string, string];
    if (!sites.has(list) || code === '') continue;
    const key = `${list}\n${code}`;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, { row, part });
    else if (earlier.part !== part) {
      const parameters = { earlier: earlier.row };
      warnings.push({
        definition: drgWarnings.severalParts,
        file,
        row,
        field: 'part',
        value: code,
        parameters,
      });
    }
  }
}

function findOddComplications(
  scheme: Scheme,
  records: (file: string) => readonly SchemeRecord[],
  warnings: Problem[],
): void {
  const rowOfMcc = new Map(records('mcc.csv').map(({ row, cells }) => [cells[0]!, row]));
  for (const { row, cells } of records('cc.csv')) {
    const code = cells[0]!;
    const earlier = rowOfMcc.get(code);
    if (earlier === undefined) continue;
    const place = { file: 'cc.csv', row, field: 'code', value: code };
    warnings.push({ definition: drgWarnings.ccAndMcc, ...place, parameters: { earlier } });
  }
  const carried = new Set(scheme.exclusions.values());
  for (const file of ['mcc.csv', 'cc.csv']) {
    const told = new Set<string>(['']);
    for (const { row, cells } of records(file)) {
      const list = cells[1]!;
      if (carried.has(list) || told.has(list)) continue;
      told.add(list);
      warnings.push({
        definition: drgWarnings.unknownExclusion,
        file,
        row,
        field: 'exclusion_list',
        value: list,
      });
    }
  }
}
