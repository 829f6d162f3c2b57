import type { Outcome } from './case.ts';
import { UNGROUPED } from './case.ts';
import {
  type CodeTest,
  type Comparison,
  type Condition,
  codeSetText,
  compares,
  conditionText,
  isJunction,
  NUMBER_FIELDS,
  type Test,
  testsOf,
} from './condition.ts';
import {
  type CodeEffects,
  FACT_FIELDS,
  type NumberLists,
  PROGRAM_VERSION,
  type Program,
  ROLES,
  type Role,
} from './program.ts';
import { codesOf, type Scheme, type Section, sectionsOf } from './scheme.ts';

type CodesTest = Extract<Test, { kind: 'codes' }>;

/** The places in which a code can make a test true. */
const ROLES_OF_TEST: Readonly<Record<CodeTest, readonly Role[]>> = {
  principal_diagnosis: ['principalDiagnosis'],
  any_diagnosis: ['principalDiagnosis', 'otherDiagnosis'],
  other_diagnosis: ['otherDiagnosis'],
  principal_procedure: ['principalProcedure'],
  any_procedure: ['principalProcedure', 'otherProcedure'],
};

/** Compiles a scheme that has been checked. Nothing of the text of a condition is left in the program. */
export function compileScheme(scheme: Scheme): Program {
  return new Compiler(scheme).program();
}

class Compiler {
  readonly #scheme: Scheme;
  readonly #sections: readonly Section[];
  readonly #tests = new Map<string, { readonly number: number; readonly test: Test }>();
  readonly #codes = new Map<string, number>();
  readonly #nodes = new Map<string, number>();
  readonly #nodeTest: number[] = [];
  readonly #nodeYes: number[] = [];
  readonly #nodeNo: number[] = [];
  readonly #outcomes: Outcome[] = [UNGROUPED];
  readonly #outcomeNumbers = new Map<string, number>();

  constructor(scheme: Scheme) {
    this.#scheme = scheme;
    this.#sections = sectionsOf(scheme.steps);
    for (const step of scheme.steps) for (const test of testsOf(step.condition)) this.#testNumber(test);
    for (const { test } of this.#tests.values()) {
      if (test.kind === 'codes') for (const code of this.#codesOf(test)) this.#codeNumber(code);
      if (test.kind === 'sites') for (const code of this.#partOf(test.list).keys()) this.#codeNumber(code);
      if (test.kind === 'complication') {
        for (const code of scheme[test.severity].keys()) this.#codeNumber(code);
        for (const code of scheme.exclusions.keys()) this.#codeNumber(code);
      }
    }
  }

  program(): Program {
    // the number of outcomes must be known before the first search is written into a node
    for (const section of this.#sections) {
      for (const item of section.items) {
        const steps = item.kind === 'adrg' ? item.drgs : [item.step];
        for (const step of steps) this.#outcomeNumber(this.#outcomeOf(section, item, step.code));
      }
    }
    const tree = this.#decisionTree();
    const itemsOfTest = this.#guardedItems(tree.items);
    return {
      version: PROGRAM_VERSION,
      codes: [...this.#codes.keys()],
      effects: this.#effects(itemsOfTest),
      ...this.#complications(),
      ...this.#sites(),
      ...this.#facts(),
      tests: this.#tests.size,
      nodeTest: this.#nodeTest,
      nodeYes: this.#nodeYes,
      nodeNo: this.#nodeNo,
      sectionItems: tree.sectionItems,
      sectionEntry: tree.sectionEntry,
      itemEntry: tree.itemEntry,
      alwaysTriedSections: tree.items.flatMap(({ condition, section }) =>
        section !== undefined && this.#guard(condition) === undefined ? [section] : [],
      ),
      alwaysTriedItems: tree.items.flatMap(({ condition, item }) =>
        item !== undefined && this.#guard(condition) === undefined ? [item] : [],
      ),
      outcomes: this.#outcomes,
    };
  }

  /** Every section and item with its entry node. A failed one goes on to the search behind it. */
  #decisionTree() {
    const sectionItems: number[] = [0];
    for (const { items } of this.#sections) sectionItems.push(sectionItems.at(-1)! + items.length);
    const itemCount = sectionItems.at(-1)!;
    const search = (place: number) => -1 - this.#outcomes.length - place;
    const sectionEntry: number[] = [];
    const itemEntry: number[] = [];
    const items: { condition: Condition; section?: number; item?: number }[] = [];
    for (const [sectionNo, section] of this.#sections.entries()) {
      const first = sectionItems[sectionNo]!;
      // places of searches: items first, then sections
      const nextSection = search(itemCount + sectionNo + 1);
      const afterItem = (item: number) =>
        item + 1 < sectionItems[sectionNo + 1]! ? search(item + 1) : nextSection;
      const begin = section.items.length > 0 ? search(first) : nextSection;
      sectionEntry.push(this.#branch(section.step.condition, begin, nextSection));
      items.push({ condition: section.step.condition, section: sectionNo });
      for (const [index, item] of section.items.entries()) {
        const otherwise = afterItem(first + index);
        const result = (code: string) => -1 - this.#outcomeNumber(this.#outcomeOf(section, item, code));
        let entry: number;
        if (item.kind === 'ambiguous') {
          entry = this.#branch(item.step.condition, result(item.step.code), otherwise);
        } else {
          const drgs = item.drgs.toReversed();
          const chain = drgs.reduce(
            (next, drg) => this.#branch(drg.condition, result(drg.code), next),
            otherwise,
          );
          entry = this.#branch(item.step.condition, chain, otherwise);
        }
        itemEntry.push(entry);
        items.push({ condition: item.step.condition, item: first + index });
      }
    }
    return { sectionItems, sectionEntry, itemEntry, items };
  }

  #outcomeOf(section: Section, item: Section['items'][number], code: string): Outcome {
    return item.kind === 'adrg'
      ? { status: 'grouped', mdc: section.step.code, adrg: item.step.code, drg: code }
      : { status: 'ambiguous', mdc: section.step.code, adrg: '', drg: code };
  }

  #outcomeNumber(outcome: Outcome): number {
    const key = JSON.stringify([outcome.status, outcome.mdc, outcome.adrg, outcome.drg]);
    let number = this.#outcomeNumbers.get(key);
    if (number === undefined) {
      number = this.#outcomes.push(outcome) - 1;
      this.#outcomeNumbers.set(key, number);
    }
    return number;
  }

  /** The node that decides a condition and goes on with `yes` or `no`. */
  #branch(condition: Condition, yes: number, no: number): number {
    if (condition.kind === 'always') return yes;
    if (condition.kind === 'not') return this.#branch(condition.condition, no, yes);
    if (isJunction(condition)) {
      const { kind, conditions } = condition;
      return kind === 'and'
        ? conditions.reduceRight((next, inner) => this.#branch(inner, next, no), yes)
        : conditions.reduceRight((next, inner) => this.#branch(inner, yes, next), no);
    }
    if (yes === no) return yes;
    const test = this.#testNumber(condition);
    const key = `${test},${yes},${no}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = this.#nodeTest.push(test) - 1;
    this.#nodeYes.push(yes);
    this.#nodeNo.push(no);
    this.#nodes.set(key, node);
    return node;
  }

  #testNumber(test: Test): number {
    if (test.kind === 'always') return -1;
    const key = conditionText(test);
    const known = this.#tests.get(key);
    if (known !== undefined) return known.number;
    const number = this.#tests.size;
    this.#tests.set(key, { number, test });
    return number;
  }

  #codeNumber(code: string): number {
    let number = this.#codes.get(code);
    if (number === undefined) {
      number = this.#codes.size + 1;
      this.#codes.set(code, number);
    }
    return number;
  }

  #setCache = new Map<string, Iterable<string> & { readonly size: number }>();

  #codesOf(test: CodesTest): Iterable<string> & { readonly size: number } {
    const key = codeSetText(test.set);
    const known = this.#setCache.get(key);
    if (known !== undefined) return known;
    const { set } = test;
    const codes =
      'codes' in set ? new Set(set.codes) : (codesOf(this.#scheme, set.list, set.part) ?? new Set<string>());
    this.#setCache.set(key, codes);
    return codes;
  }

  #partOf = (list: string): ReadonlyMap<string, string> => this.#scheme.lists.get(list)?.partOf ?? new Map();

  /** Tests on codes of which one must hold for the condition to hold; undefined when there are none such. */
  #guard(condition: Condition): readonly CodesTest[] | undefined {
    if (condition.kind === 'codes') return [condition];
    if (condition.kind === 'or') {
      const guards = condition.conditions.map((inner) => this.#guard(inner));
      return guards.includes(undefined) ? undefined : guards.flatMap((guard) => guard!);
    }
    if (condition.kind !== 'and') return undefined;
    const size = (guard: readonly CodesTest[]) =>
      guard.reduce((sum, test) => sum + this.#codesOf(test).size, 0);
    return condition.conditions
      .map((inner) => this.#guard(inner))
      .filter((guard) => guard !== undefined)
      .toSorted((a, b) => size(a) - size(b))[0];
  }

  /** By test: sections as `section`, items as `sections + item`. */
  #guardedItems(items: readonly { condition: Condition; section?: number; item?: number }[]) {
    const itemsOfTest: number[][] = Array.from({ length: this.#tests.size }, () => []);
    for (const { condition, section, item } of items) {
      for (const test of this.#guard(condition) ?? []) {
        itemsOfTest[this.#testNumber(test)]!.push(section ?? this.#sections.length + item!);
      }
    }
    return itemsOfTest;
  }

  #effects(itemsOfTest: readonly (readonly number[])[]): Record<Role, CodeEffects> {
    const testsOfCode = Object.fromEntries(
      ROLES.map((role) => [role, Array.from({ length: this.#codes.size + 1 }, (): number[] => [])]),
    ) as Record<Role, number[][]>;
    for (const { number, test } of this.#tests.values()) {
      if (test.kind !== 'codes') continue;
      for (const code of this.#codesOf(test)) {
        const codeNo = this.#codes.get(code)!;
        for (const role of ROLES_OF_TEST[test.test]) testsOfCode[role][codeNo]!.push(number);
      }
    }
    const effects = ROLES.map((role): [Role, CodeEffects] => {
      const tests = testsOfCode[role];
      const items = tests.map((list) => ascending(new Set(list.flatMap((test) => itemsOfTest[test]!))));
      return [role, { tests: numberLists(tests), items: numberLists(items) }];
    });
    return Object.fromEntries(effects) as Record<Role, CodeEffects>;
  }

  #complications() {
    const { mcc, cc, exclusions } = this.#scheme;
    const mccTest = this.#tests.get('has_mcc')?.number ?? -1;
    const ccTest = this.#tests.get('has_cc')?.number ?? -1;
    const asked = mccTest >= 0 || ccTest >= 0;
    const listNumbers = new Map<string, number>();
    const listNumber = (list: string): number => {
      if (!listNumbers.has(list)) listNumbers.set(list, listNumbers.size + 2);
      return listNumbers.get(list)!;
    };
    const byCode = (table: ReadonlyMap<string, string>, withoutList: number, isAsked: boolean): number[] => [
      0,
      ...[...this.#codes.keys()].map((code) => {
        const list = isAsked ? table.get(code) : undefined;
        if (list === undefined) return 0;
        return list === '' ? withoutList : listNumber(list);
      }),
    ];
    return {
      exclusion: byCode(exclusions, 0, asked),
      mcc: byCode(mcc, 1, mccTest >= 0),
      cc: byCode(cc, 1, ccTest >= 0),
      mccTest,
      ccTest,
    };
  }

  #sites() {
    const tests = [...this.#tests.values()].flatMap(({ number, test }) =>
      test.kind === 'sites' ? [{ number, ...test }] : [],
    );
    const lists = [...new Set(tests.map((test) => test.list))];
    const sites: number[][] = Array.from({ length: this.#codes.size + 1 }, () => []);
    const siteListOfPart: number[] = [];
    const partsOfList = lists.map((list, listNo) => {
      const partNumbers = new Map<string, number>();
      for (const [code, part] of this.#partOf(list)) {
        if (part === '') continue;
        if (!partNumbers.has(part)) partNumbers.set(part, siteListOfPart.push(listNo) - 1);
        sites[this.#codes.get(code)!]!.push(partNumbers.get(part)!);
      }
      return partNumbers.size;
    });
    const siteCap = Math.max(0, ...partsOfList);
    const siteTests = lists.flatMap((list) =>
      Array.from({ length: siteCap + 1 }, (_, count) =>
        tests.flatMap((test) =>
          test.list === list && allCompare(count, test.comparisons) ? [test.number] : [],
        ),
      ),
    );
    return { sites: numberLists(sites), siteListOfPart, siteCap, siteTests: numberLists(siteTests) };
  }

  /** The classes of each number and text that the tests tell apart, and the tests that hold for each class. */
  #facts(): Pick<Program, 'facts' | 'factTests'> {
    const testsByClass: number[][] = [];
    const facts = FACT_FIELDS.map((field) => {
      const firstClass = testsByClass.length;
      const isNumber = (NUMBER_FIELDS as readonly string[]).includes(field);
      const tests = [...this.#tests.values()].flatMap(({ number, test }) =>
        (test.kind === 'number' || test.kind === 'text') && test.field === field ? [{ number, test }] : [],
      );
      if (!isNumber) {
        const values = [
          ...new Set(tests.flatMap(({ test }) => (test.kind === 'text' ? test.values : []))),
        ].toSorted();
        testsByClass.push([]);
        for (const value of values) {
          testsByClass.push(
            tests.flatMap(({ number, test }) =>
              test.kind === 'text' && test.values.includes(value) ? [number] : [],
            ),
          );
        }
        return { firstClass, limits: [], classOfInterval: [], values, classes: values.length + 1 };
      }
      const limits = ascending(
        new Set(
          tests.flatMap(({ test }) =>
            test.kind === 'number' ? test.comparisons.map(({ value }) => value) : [],
          ),
        ),
      );
      const classNumbers = new Map<string, number>();
      const classOfInterval = [...representatives(limits), Number.NaN].map((value) => {
        const holding = tests.flatMap(({ number, test }) =>
          test.kind === 'number' && allCompare(value, test.comparisons) ? [number] : [],
        );
        const key = holding.join();
        const known = classNumbers.get(key);
        if (known !== undefined) return known;
        testsByClass.push(holding);
        classNumbers.set(key, classNumbers.size);
        return classNumbers.size - 1;
      });
      return { firstClass, limits, classOfInterval, values: [], classes: classNumbers.size };
    });
    return { facts, factTests: numberLists(testsByClass) };
  }
}

/** One value of each interval: below the first limit, at it, between it and the second, at it … above the last. */
function representatives(limits: readonly number[]): number[] {
  if (limits.length === 0) return [0];
  const values = [limits[0]! - 1];
  for (const [index, limit] of limits.entries()) {
    const next = limits[index + 1];
    values.push(limit, next === undefined ? limit + 1 : (limit + next) / 2);
  }
  return values;
}

const allCompare = (value: number, comparisons: readonly Comparison[]): boolean =>
  comparisons.every((comparison) => compares(value, comparison));

const ascending = (values: Iterable<number>): number[] => [...values].toSorted((a, b) => a - b);

function numberLists(lists: readonly (readonly number[])[]): NumberLists {
  const offsets = [0];
  for (const list of lists) offsets.push(offsets.at(-1)! + list.length);
  return { offsets, values: lists.flat() };
}
