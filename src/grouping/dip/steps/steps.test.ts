import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseYuan } from '#kernel/money.ts';
import { DIP_STEPS, loadPolicies } from '#policy/index.ts';
import { CatalogueIndex } from '../catalogue/group-catalogue.ts';
import { groupCase, inputsRead } from '../group-case.ts';
import { DRAFT_OPTIONS, type TestRow, testCatalogue } from '../testing.ts';
import type { DipCase } from './dip-case.ts';
import { STEP_NAMES, STEPS, type StepName } from './steps.ts';

type Given = {
  readonly diagnoses: string;
  readonly procedures?: string;
  readonly cost?: string;
  readonly day_surgery?: boolean;
  readonly age_years?: number;
  readonly age_days?: number;
  readonly birth_weight_g?: number;
  readonly length_of_stay?: number;
};
type StepCase = {
  readonly name: string;
  readonly step: StepName;
  readonly catalogue: readonly TestRow[];
  readonly steps: readonly StepName[];
  readonly operation_by_start?: boolean;
  readonly blank_group?: string;
  readonly given: Given;
  readonly expect: {
    readonly group?: string;
    readonly status?: string;
    readonly reason?: string;
    readonly decided_by?: readonly string[];
  };
};

const file = parse(readFileSync(join(import.meta.dirname, 'steps.cases.yaml'), 'utf8'), { merge: true }) as {
  readonly operations: Readonly<Record<string, string>>;
  readonly cases: readonly StepCase[];
};

function caseOf({ diagnoses, procedures = '', cost, day_surgery, ...numbers }: Given): DipCase {
  const [principalDiagnosis = '', ...otherDiagnoses] = diagnoses.split('|');
  return {
    principalDiagnosis,
    otherDiagnoses,
    procedures: procedures.split('|'),
    costFen: cost === undefined ? undefined : parseYuan(cost),
    isDaySurgery: day_surgery,
    ...numbers,
  };
}

const withScores = (rows: readonly TestRow[]) =>
  rows.map((row) => ({ ...row, ...(row.group_code ? { score: row.score ?? '100' } : {}) }));

async function prepared(stepCase: StepCase) {
  const catalogue = await testCatalogue(withScores(stepCase.catalogue), file.operations);
  const options = {
    ...DRAFT_OPTIONS,
    operationByStart: stepCase.operation_by_start ?? false,
    blankGroup: stepCase.blank_group,
  };
  return { catalogue, profile: { steps: stepCase.steps, options } };
}

describe('worked cases of the steps', () => {
  for (const stepCase of file.cases) {
    test(stepCase.name, async () => {
      const { catalogue, profile } = await prepared(stepCase);
      const grouping = groupCase(caseOf(stepCase.given), new CatalogueIndex(catalogue), profile);
      const { expect } = stepCase;
      assert.equal(grouping.groupCode, expect.group);
      assert.equal(grouping.status, expect.status ?? 'grouped');
      if (expect.reason) assert.equal(grouping.reason, expect.reason);
      if (expect.decided_by) assert.deepEqual(grouping.decidedBy, expect.decided_by);
      const chosen = grouping.candidates.filter(({ verdict }) => verdict.outcome === 'chosen');
      assert.deepEqual(
        chosen.map(({ entry }) => entry.groupCode),
        grouping.status === 'grouped' ? [expect.group] : [],
      );
    });
  }

  test('every step has a case, a title and, where it follows a document, one that is registered', () => {
    const { documents } = loadPolicies();
    for (const name of STEP_NAMES) {
      assert.ok(
        file.cases.some(({ step }) => step === name),
        `no case for ${name}`,
      );
      assert.ok(DIP_STEPS[name].zh);
      const { source } = STEPS[name];
      if (source) assert.ok(documents.has(source[0]), source[0]);
    }
    assert.deepEqual(STEP_NAMES, Object.keys(DIP_STEPS));
  });
});

describe('whatever the case', () => {
  const codes = Object.keys(file.operations);
  const anyCase = fc.record({
    index: fc.nat(file.cases.length - 1),
    procedures: fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 5 }),
    shuffled: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  });

  test('the order of the procedures after the principal one does not matter', async () => {
    const catalogues = await Promise.all(file.cases.map(prepared));
    fc.assert(
      fc.property(anyCase, ({ index, procedures, shuffled }) => {
        const { catalogue, profile } = catalogues[index]!;
        const input = { ...caseOf(file.cases[index]!.given), procedures };
        const [principal, ...rest] = procedures;
        const keys = new Map(rest.map((code) => [code, shuffled.next().value as number]));
        const other = rest.toSorted((a, b) => keys.get(a)! - keys.get(b)!);
        const own = new CatalogueIndex(catalogue);
        const before = groupCase(input, own, profile);
        // minor and unlisted codes are not principal: keep the first that counts in front
        const first = before.operations[0];
        const again = [principal, ...other].filter((code) => code !== undefined);
        const sorted = first === undefined ? again : [first, ...again.filter((code) => code !== first)];
        const after = groupCase({ ...input, procedures: sorted }, own, profile);
        assert.equal(after.groupCode, before.groupCode);
        assert.equal(after.status, before.status);
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  test('codes no list knows, repeated codes and blanks change nothing where operation-lists is a step', async () => {
    const catalogues = await Promise.all(file.cases.map(prepared));
    fc.assert(
      fc.property(anyCase, fc.nat(5), ({ index, procedures }, place) => {
        const { catalogue, profile } = catalogues[index]!;
        if (!profile.steps.includes('operation-lists')) return;
        const own = new CatalogueIndex(catalogue);
        const input = { ...caseOf(file.cases[index]!.given), procedures };
        const noisy = procedures.toSpliced(place, 0, '77.7777', ' ', '');
        const before = groupCase(input, own, profile);
        const after = groupCase({ ...input, procedures: [...noisy, ...procedures] }, own, profile);
        assert.equal(after.groupCode, before.groupCode);
        assert.deepEqual(after.decidedBy, before.decidedBy);
      }),
      { numRuns: 500, seed: 12 },
    );
  });

  test('what the profile is said not to read does not matter', async () => {
    const catalogues = await Promise.all(file.cases.map(prepared));
    fc.assert(
      fc.property(
        anyCase,
        fc.record({
          sex: fc.constantFrom('1', '2', undefined),
          age_years: fc.option(fc.nat(100), { nil: undefined }),
          age_days: fc.option(fc.nat(364), { nil: undefined }),
          birth_weight_g: fc.option(fc.nat(4000), { nil: undefined }),
          length_of_stay: fc.option(fc.nat(30), { nil: undefined }),
          costFen: fc.option(fc.bigInt(1n, 10n ** 7n), { nil: undefined }),
        }),
        ({ index, procedures }, noise) => {
          const { catalogue, profile } = catalogues[index]!;
          const reads: readonly string[] = inputsRead(catalogue, profile);
          const input = { ...caseOf(file.cases[index]!.given), procedures };
          const unread = Object.entries(noise).filter(
            ([name]) => !reads.includes(name === 'costFen' ? 'cost' : name),
          );
          const own = new CatalogueIndex(catalogue);
          const before = groupCase(input, own, profile);
          const after = groupCase({ ...input, ...Object.fromEntries(unread) }, own, profile);
          assert.equal(after.groupCode, before.groupCode);
        },
      ),
      { numRuns: 500, seed: 13 },
    );
  });
});
