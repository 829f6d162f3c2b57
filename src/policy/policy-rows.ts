import { fileURLToPath } from 'node:url';
import type { Engine } from '#engine/duckdb.ts';
import { runScript } from '#engine/sql-file.ts';
import type { Text } from '#kernel/locale.ts';
import { PARAMETERS, type ParameterValue, scaledDecimal } from '#policy/parameters.ts';
import type { Policy } from '#policy/resolve.ts';

export type PolicyValueRow = {
  readonly parameter: string;
  readonly unit: string;
  readonly value: string;
  /** An integer as it is, a ratio or coefficient × 10^4, null for what is not one number. */
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

/** One band of a `bands` parameter, numbers × 10^4; `upTo4` is inclusive and null for the last band. */
export type PolicyBandRow = {
  readonly parameter: string;
  readonly bandNo: number;
  readonly upTo4: bigint | null;
  readonly value4: bigint;
};

export type PolicyRows = {
  readonly values: readonly PolicyValueRow[];
  readonly yearWeights: readonly PolicyYearWeightRow[];
  readonly bands: readonly PolicyBandRow[];
};

/** The policy as rows, ordered by parameter and by year, oldest first. */
export function policyRows(policy: Policy): PolicyRows {
  const inForce = Object.values(policy.values).toSorted((a, b) => (a.parameter < b.parameter ? -1 : 1));
  const values = inForce.map((each): PolicyValueRow => {
    const { parameter, value, layer, area, source, effectiveFrom } = each;
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
  const bands = inForce.flatMap(({ parameter, value }) =>
    value.kind !== 'bands'
      ? []
      : value.bands.map(
          (band, index): PolicyBandRow => ({
            parameter,
            bandNo: index + 1,
            upTo4: band.upTo === undefined ? null : scaledDecimal(band.upTo),
            value4: scaledDecimal(band.value),
          }),
        ),
  );
  return { values, yearWeights, bands };
}

function scaledOf(value: ParameterValue): bigint | null {
  switch (value.kind) {
    case 'integer':
      return value.integer;
    case 'decimal':
      return scaledDecimal(value.decimal);
    default:
      return null;
  }
}

/** Makes the tables `policy_value`, `policy_year_weight` and `policy_band` and fills them. */
export async function loadPolicyRows(engine: Engine, policy: Policy): Promise<void> {
  const { values, yearWeights, bands } = policyRows(policy);
  for (const table of ['policy_value', 'policy_year_weight', 'policy_band']) {
    await runScript(engine, sqlFile(`${table}.sql`));
  }
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
  await engine.append(
    'policy_band',
    bands.map((row) => [row.parameter, row.bandNo, row.upTo4, row.value4]),
  );
}

const sqlFile = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
