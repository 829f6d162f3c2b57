import { fileURLToPath } from 'node:url';
import type { Engine } from '#engine/duckdb.ts';
import { runScript } from '#engine/sql-file.ts';
import type { Text } from '#kernel/locale.ts';
import { PARAMETER_NAMES, PARAMETERS, type ParameterValue, scaledDecimal } from '#policy/parameters.ts';
import type { Policy } from '#policy/resolve.ts';

export type PolicyValueRow = {
  readonly parameter: string;
  readonly unit: string;
  readonly value: string;
  /** An integer as it is, a ratio or coefficient × 10^4, null for year weights. */
  readonly scaled: bigint | null;
  readonly layer: string;
  readonly area: string;
  /** Document id. */
  readonly document: string;
  readonly article: string | null;
  readonly effectiveFrom: string;
  readonly title: Text;
  readonly documentTitle: Text;
};

export type PolicyYearWeightRow = { readonly yearsBefore: number; readonly weight: bigint };

export type PolicyRows = {
  readonly values: readonly PolicyValueRow[];
  readonly yearWeights: readonly PolicyYearWeightRow[];
};

/** The policy as rows, ordered by parameter and by year, oldest first. */
export function policyRows(policy: Policy): PolicyRows {
  const values = PARAMETER_NAMES.toSorted().map((parameter): PolicyValueRow => {
    const { value, layer, area, source, effectiveFrom } = policy.values[parameter];
    return {
      parameter,
      unit: PARAMETERS[parameter].unit,
      value: value.text,
      scaled: scaledOf(value),
      layer,
      area,
      document: source.document.id,
      article: source.article,
      effectiveFrom: effectiveFrom.toString(),
      title: PARAMETERS[parameter].title,
      documentTitle: source.document.title,
    };
  });
  const weights = policy.integers('score.year_weights');
  const yearWeights = weights.map((weight, index) => ({ yearsBefore: weights.length - index, weight }));
  return { values, yearWeights };
}

function scaledOf(value: ParameterValue): bigint | null {
  switch (value.kind) {
    case 'integer':
      return value.integer;
    case 'decimal':
      return scaledDecimal(value.decimal);
    case 'integers':
      return null;
  }
}

/** Makes the tables `policy_value` and `policy_year_weight` and fills them. */
export async function loadPolicyRows(engine: Engine, policy: Policy): Promise<void> {
  const { values, yearWeights } = policyRows(policy);
  await runScript(engine, sqlFile('policy_value.sql'));
  await runScript(engine, sqlFile('policy_year_weight.sql'));
  await engine.append(
    'policy_value',
    values.map((row) => [
      row.parameter,
      row.unit,
      row.value,
      row.scaled,
      row.layer,
      row.area,
      row.document,
      row.article,
      row.effectiveFrom,
      row.title.zh,
      row.title.en,
      row.documentTitle.zh,
      row.documentTitle.en,
    ]),
  );
  await engine.append(
    'policy_year_weight',
    yearWeights.map((row) => [row.yearsBefore, row.weight]),
  );
}

const sqlFile = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
