import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { type Fraction, fraction, multiply, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { loadPolicies, policyChain, policyDateOfYear, resolvePolicy } from '#policy/index.ts';
import {
  type GroupStandard,
  groupedRule,
  type PointsPolicy,
  pointsPolicy,
  scoreGroupedCase,
  scoreUngroupedCase,
} from './score-case.ts';

type CityCases = {
  readonly name: string;
  readonly profile: string;
  readonly area: string;
  readonly given: Readonly<Record<string, string>>;
  readonly cases: readonly { readonly cost: string; readonly deviation: string; readonly points: string }[];
};

const policies = loadPolicies();
const fen = (yuan: string): Fraction => multiply(parseDecimal(yuan)!, fraction(100n));
const four = (text: string): bigint => roundTo(parseDecimal(text)!, 4);

function policyOf({ profile, area }: CityCases): PointsPolicy {
  const layers = policyChain(policies, area, profile);
  return pointsPolicy(resolvePolicy({ layers, asOf: policyDateOfYear(2025) }));
}

/** What the table rule says of a cost, from its limits. */
function deviationByRule(
  cost: bigint,
  group: GroupStandard,
  coefficient4: bigint,
  policy: PointsPolicy,
): string {
  const rule = groupedRule(group, coefficient4, policy);
  if (cost < rule.lowBelowFen) return 'low';
  if (cost > rule.extremeAboveFen) return 'extreme';
  return cost > rule.highAboveFen ? 'high' : 'normal';
}

const cities = parse(
  readFileSync(join(import.meta.dirname, 'city-deviation.cases.yaml'), 'utf8'),
) as readonly CityCases[];

for (const city of cities) {
  describe(city.name, () => {
    const policy = policyOf(city);
    const { given } = city;
    for (const { cost, deviation, points } of city.cases) {
      test(`${cost}: ${deviation}, ${points}`, () => {
        const costFen = parseYuan(cost)!;
        if (given.blank) {
          const standard = {
            meanFen: fen(given.standard_cost!),
            score: parseDecimal(given.standard_score!)!,
          };
          const score = scoreUngroupedCase(costFen, standard, policy);
          assert.deepEqual([score.kind, scaledText(score.points4, 4)], [deviation, points]);
          return;
        }
        const group: GroupStandard = {
          score4: four(given.score!),
          meanFen: given.point_value
            ? multiply(parseDecimal(given.score!)!, fen(given.point_value))
            : fen(given.mean!),
          typeCoefficient4: given.type ? four(given.type) : undefined,
        };
        const coefficient4 = four(given.coefficient!);
        const score = scoreGroupedCase(costFen, group, coefficient4, policy);
        assert.deepEqual([score.deviation, scaledText(score.points4, 4)], [deviation, points]);
        assert.equal(deviationByRule(costFen, group, coefficient4, policy), deviation);
      });
    }
  });
}

test('every value of a city and of the practice profile says that it is practice and names a document', () => {
  const layers = policies.layers.filter(
    ({ profile, layer }) => profile === 'dip-city-practice' && layer !== 'national',
  );
  const values = layers.flatMap((layer) => layer.values);
  const points = values.filter(({ parameter }) => /^(deviation|ungrouped)\./.test(parameter));
  assert.ok(points.length >= 14);
  for (const { parameter, basis, source } of points) {
    assert.equal(basis, 'practice', parameter);
    assert.equal(source.document.id, 'city-practice', parameter);
  }
});
