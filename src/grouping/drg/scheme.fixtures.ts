import fc from 'fast-check';
import type { DrgCase } from './case.ts';
import { CODE_TESTS, type Condition, conditionText, NUMBER_FIELDS } from './condition.ts';

/** Few codes, so that random cases meet random lists. */
const DIAGNOSES = ['A00', 'B00.1', 'C00.0x1', 'D00*', 'E00+F00*', 'G00', 'H00'];
const PROCEDURES = ['01.1', '02.2x1', '03.3', '04.4', '05.5'];
const LISTS = ['L1', 'L2', 'L3.px', 'L4'];
const PARTS = ['', 'p', 'q', '部'];
const NUMBERS = [0, 1, 2, 3, 28, 28.5, 1500];

const code = fc.constantFrom(...DIAGNOSES, ...PROCEDURES);
const codeSet = fc.oneof(
  fc.record({ list: fc.constantFrom(...LISTS, 'valid_procedures'), part: fc.constant(undefined) }),
  fc.record({ list: fc.constantFrom(...LISTS), part: fc.constantFrom('p', 'q') }),
  fc.record({ codes: fc.array(code, { minLength: 1, maxLength: 3 }) }),
);
const comparison = fc.record({
  operator: fc.constantFrom('<', '<=', '==', '>=', '>'),
  value: fc.constantFrom(...NUMBERS),
});
const test = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'always' }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('codes'), test: fc.constantFrom(...CODE_TESTS), set: codeSet }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('sites'),
      list: fc.constantFrom(...LISTS),
      comparisons: fc.tuple(
        fc.record({
          operator: fc.constantFrom('<', '<=', '==', '>=', '>'),
          value: fc.constantFrom(0, 1, 2, 3),
        }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('complication'), severity: fc.constantFrom('mcc', 'cc') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('number'),
      field: fc.constantFrom(...NUMBER_FIELDS),
      comparisons: fc.array(comparison, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.record({
        kind: fc.constant('text'),
        field: fc.constant('sex'),
        values: fc.tuple(fc.constantFrom('1', '2')),
      }),
      fc.record({
        kind: fc.constant('text'),
        field: fc.constantFrom('disposition', 'department', 'inpatient_type'),
        values: fc.array(fc.constantFrom('1', '2', '5', 'ICU'), { minLength: 1, maxLength: 2 }),
      }),
    ),
  },
);
const condition = fc.letrec((tie) => ({
  whole: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: test },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not'), condition: tie('whole') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('and', 'or'),
        conditions: fc.array(tie('whole'), { minLength: 2, maxLength: 3 }),
      }),
    },
  ),
})).whole as fc.Arbitrary<Condition>;

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const drgs = fc.array(condition, { minLength: 0, maxLength: 3 });
const item = fc.oneof(
  { weight: 4, arbitrary: fc.record({ level: fc.constant('adrg' as const), condition, drgs }) },
  {
    weight: 1,
    arbitrary: fc.record({ level: fc.constant('ambiguous' as const), condition, drgs: fc.constant([]) }),
  },
);
const section = fc.record({ condition, items: fc.array(item, { maxLength: 4 }) });

/** The lines of a random sound scheme, by file. ADRGs repeat, as alternatives do. */
export const randomScheme: fc.Arbitrary<Record<string, string[]>> = fc
  .record({
    sections: fc.array(section, { minLength: 1, maxLength: 4 }),
    lists: fc.array(fc.tuple(fc.constantFrom(...LISTS), code, fc.constantFrom(...PARTS)), { maxLength: 30 }),
    mcc: exclusionLists(),
    cc: exclusionLists(),
    exclusions: exclusionLists(),
    valid: fc.subarray(PROCEDURES, { minLength: 1 }),
  })
  .map(({ sections, lists, mcc, cc, exclusions, valid }) => {
    const steps: string[] = [];
    const groups = new Set<string>();
    const push = (level: string, mdc: string, stepCode: string, text: Condition) =>
      steps.push(`${steps.length + 1},${level},${mdc},${stepCode},${quoted(conditionText(text))}`);
    for (const [sectionNo, { condition: entry, items }] of sections.entries()) {
      const mdc = `MDC${'ABCD'[sectionNo % 3]}`;
      push('mdc', mdc, mdc, entry);
      let open = false;
      for (const [itemNo, each] of items.entries()) {
        const adrg = `${'ABCD'[sectionNo % 3]}X${itemNo % 3}`;
        // an ambiguous step straight under an adrg is refused
        if (each.level === 'ambiguous' && open) continue;
        push(each.level, mdc, each.level === 'adrg' ? adrg : `${mdc}QY`, each.condition);
        open = each.level === 'adrg' && each.drgs.length === 0;
        for (const [drgNo, drgCondition] of each.drgs.entries()) {
          const drg = drgNo === 2 ? adrg : `${adrg}${drgNo + 1}`;
          groups.add(drg);
          push('drg', mdc, drg, drgCondition);
        }
      }
    }
    const everyList = LISTS.flatMap((list) => [`${list},A00,p`, `${list},01.1,q`]);
    return {
      'steps.csv': steps,
      'lists.csv': [...everyList, ...lists.map((cells) => cells.join(','))],
      'groups.csv': [...groups, 'ZZ99'].map((drg) => `${drg},组 ${drg}`),
      'mcc.csv': [...mcc, 'G00,1'],
      'cc.csv': [...cc, 'H00,2'],
      'exclusions.csv': exclusions,
      'valid_procedures.csv': valid,
    };
  });

function exclusionLists() {
  return fc.array(
    fc.tuple(fc.constantFrom(...DIAGNOSES), fc.constantFrom('', '1', '2')).map((cells) => cells.join(',')),
    {
      maxLength: 5,
    },
  );
}

const number = fc.oneof(fc.constant(Number.NaN), fc.constantFrom(...NUMBERS, 0.5, 29, 4000));
/** A random case; some of its codes stand in no list. */
export const randomCase: fc.Arbitrary<DrgCase> = fc.record({
  numbers: fc.record({
    age_years: number,
    age_days: number,
    birth_weight_g: number,
    length_of_stay: number,
    icu_hours: number,
  }),
  texts: fc.record({
    sex: fc.constantFrom('1', '2', ''),
    disposition: fc.constantFrom('1', '2', '5', ''),
    department: fc.constantFrom('', 'ICU', 'x'),
    inpatient_type: fc.constantFrom('', '1', '2'),
  }),
  diagnoses: fc.array(fc.constantFrom(...DIAGNOSES, 'Z99'), { minLength: 1, maxLength: 5 }),
  procedures: fc.array(fc.constantFrom(...PROCEDURES, '99.9'), { maxLength: 4 }),
});
