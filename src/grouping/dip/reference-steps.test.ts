import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import { assignGroup, type CoreGroup, caseKeys, type KeyPolicy } from './assign-group.ts';
import { CatalogueIndex } from './catalogue/group-catalogue.ts';
import { groupCase } from './group-case.ts';
import { REFERENCE_STEPS, referenceCatalogue } from './reference-steps.ts';
import { DRAFT_OPTIONS } from './testing.ts';

const KEYS: KeyPolicy = {
  coreDiagnosisLength: 5,
  comprehensiveDiagnosisLength: 3,
  comprehensiveClass: DRAFT_OPTIONS.comprehensiveClass,
};
const ATTRIBUTES: readonly ProcedureAttribute[] = [
  'surgery',
  'intervention',
  'therapeutic',
  'diagnostic',
  'minor',
];
const CODES = ['47.0100', '47.0901', '54.2100', '36.0601', '99.2503', '89.5200', '00.0100'];
const DIAGNOSES = ['K35.900', 'K35.901', 'K35.100', 'I21.000', 'I10', 'I10.x00', 'J18.9'];

/** An area: what its procedures are, its core groups with scores, its comprehensive groups, and one list. */
const area = fc.record({
  attributes: fc.array(fc.constantFrom(...ATTRIBUTES), { minLength: 7, maxLength: 7 }),
  known: fc.subarray(CODES),
  groups: fc.uniqueArray(
    fc.record({
      diagnosis: fc.constantFrom(...DIAGNOSES.map((code) => code.slice(0, 5))),
      procedures: fc.subarray(CODES.slice(0, 5)),
      score4: fc.bigInt(1n, 4n),
    }),
    {
      maxLength: 14,
      selector: ({ diagnosis, procedures }) => [diagnosis, ...procedures.toSorted()].join('+'),
    },
  ),
  comprehensive: fc.uniqueArray(
    fc.tuple(fc.constantFrom('K35', 'I21', 'I10', 'J18'), fc.constantFrom('1', '2', '3', '4')),
    { maxLength: 8, selector: (pair) => pair.join('-') },
  ),
  diagnosis: fc.constantFrom(...DIAGNOSES),
  procedures: fc.array(fc.constantFrom(...CODES, '77.7777'), { maxLength: 5 }),
});

describe('the reference profile as named steps', () => {
  test('every list goes to the group that assignGroup gives', () => {
    let grouped = 0;
    fc.assert(
      fc.property(area, ({ attributes, known, groups, comprehensive, diagnosis, procedures }) => {
        const attributeOf = new Map(known.map((code, index) => [code, attributes[index]!]));
        // core groups are made of eligible procedures only
        const core = groups
          .filter((group) =>
            group.procedures.every((code) => attributeOf.has(code) && attributeOf.get(code) !== 'minor'),
          )
          .map(({ diagnosis: own, procedures: codes, score4 }): CoreGroup => {
            const sorted = codes.toSorted();
            return { groupCode: [own, ...sorted].join('+'), procedures: sorted, score4 };
          });
        const comprehensiveCodes = comprehensive.map((pair) => pair.join('-'));
        const keys = caseKeys(diagnosis, procedures.join('|'), attributeOf, KEYS);
        const own = core.filter(({ groupCode }) => groupCode.split('+')[0] === keys.coreDiagnosis);
        const expected = assignGroup(keys, own, new Set(comprehensiveCodes));

        const catalogue = referenceCatalogue(
          core,
          comprehensiveCodes.map((groupCode) => ({ groupCode, score4: 1n })),
          new Map([...attributeOf].map(([code, attribute]) => [code, { attribute, grade: undefined }])),
        );
        const grouping = groupCase(
          { principalDiagnosis: diagnosis, otherDiagnoses: [], procedures },
          new CatalogueIndex(catalogue),
          { steps: REFERENCE_STEPS, options: DRAFT_OPTIONS },
        );
        assert.equal(grouping.groupCode, expected.groupCode);
        assert.equal(grouping.kind, expected.kind);
        if (expected.groupCode) grouped += 1;
      }),
      { numRuns: 4_000, seed: 2025 },
    );
    assert.ok(grouped > 1_000, `only ${grouped} of 4000 have a group`);
  });
});
