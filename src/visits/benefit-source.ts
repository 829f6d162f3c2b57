import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BenefitPolicy,
  benefitLayers,
  benefitPolicy,
  type Catalogue,
  type ListedCode,
  layersOfFile,
  readCatalogue,
  readListedCodes,
} from '#benefits/index.ts';
import { loadPolicies, type PolicyLayer } from '#policy/index.ts';
import { type ItemRow, readItems, withItems, writeItems } from './item-file.ts';

/** What decides the benefits of an insured area. */
export type BenefitSource = {
  readonly policyOf: (areaCode: string, date: string) => BenefitPolicy;
  /** undefined: the area has no list of items, every item counts as one of class A */
  readonly catalogueOf: (areaCode: string) => Catalogue | undefined;
  /** diseases, operations and other lists of codes and names that institutions download; empty where the area has none */
  readonly codesOf: (areaCode: string, list: string) => readonly ListedCode[];
};

/** A source whose lists of items can be searched and changed. */
export type OpenBenefits = BenefitSource & {
  readonly itemsOf: (areaCode: string) => readonly ItemRow[];
  /** @throws Refusal, YibaoError where the rows cannot be added; nothing is written */
  readonly checkItems: (areaCode: string, rows: readonly Partial<ItemRow>[]) => void;
  /** Done twice it does what it does once. */
  readonly addItems: (areaCode: string, rows: readonly Partial<ItemRow>[]) => void;
};

const POLICIES_KEPT_MAX = 1_000;

/**
 * The policies of `policies/` for each area code and, above them, what stands in the folder: `<area code>.yaml`, a benefit policy, and
 * `<area code>-catalogue.csv`, its dated list of items, and `<area code>-<list>.csv`, its other lists (docs/domain/visits.md#lists).
 * Files are read once.
 */
export function benefitSource(folder?: string): OpenBenefits {
  const policies = loadPolicies();
  const layers = new Map<string, readonly PolicyLayer[]>();
  const layersOf = (areaCode: string): readonly PolicyLayer[] => {
    const outer = benefitLayers(areaCode, policies);
    const own = folder === undefined ? undefined : join(folder, `${areaCode}.yaml`);
    return own !== undefined && existsSync(own) ? layersOfFile(own, { outer, policies }) : outer;
  };
  const catalogues = new Map<string, Catalogue | undefined>();
  const codes = new Map<string, readonly ListedCode[]>();
  const items = new Map<string, readonly ItemRow[]>();
  const itemFile = (areaCode: string) =>
    folder === undefined ? '' : join(folder, `${areaCode}-catalogue.csv`);
  return {
    policyOf: keepPolicies((areaCode, date) => {
      const known = layers.get(areaCode) ?? layersOf(areaCode);
      layers.set(areaCode, known);
      return benefitPolicy(known, date);
    }),
    catalogueOf: (areaCode) => {
      if (catalogues.has(areaCode)) return catalogues.get(areaCode);
      const path = itemFile(areaCode);
      const read = existsSync(path) ? readCatalogue(readFileSync(path, 'utf8'), path) : undefined;
      catalogues.set(areaCode, read);
      return read;
    },
    codesOf: (areaCode, list) => {
      const name = `${areaCode}-${list}.csv`;
      const known = codes.get(name);
      if (known !== undefined) return known;
      const path = folder === undefined ? '' : join(folder, name);
      const read = existsSync(path) ? readListedCodes(readFileSync(path, 'utf8'), path) : [];
      codes.set(name, read);
      return read;
    },
    itemsOf: (areaCode) => {
      const known = items.get(areaCode) ?? readItems(itemFile(areaCode));
      items.set(areaCode, known);
      return known;
    },
    checkItems: (areaCode, rows) => void withItems(itemFile(areaCode), rows),
    addItems: (areaCode, rows) => {
      writeItems(itemFile(areaCode), withItems(itemFile(areaCode), rows, 'left'));
      catalogues.delete(areaCode);
      items.delete(areaCode);
    },
  };
}

/** Policies by area and day, worked out once. */
export function keepPolicies(make: BenefitSource['policyOf']): BenefitSource['policyOf'] {
  const kept = new Map<string, BenefitPolicy>();
  return (areaCode, date) => {
    const key = `${areaCode} ${date}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= POLICIES_KEPT_MAX) kept.clear();
    const policy = make(areaCode, date);
    kept.set(key, policy);
    return policy;
  };
}

const hashes = new WeakMap<BenefitPolicy, string>();

/** SHA-256 over every row in force: two settlements with one hash were made by the same rules. */
export function policyHashOf(policy: BenefitPolicy): string {
  const known = hashes.get(policy);
  if (known !== undefined) return known;
  const rows = [...policy.tables].map(([name, entries]) => [name, entries.map(({ row }) => row.text)]);
  const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  hashes.set(policy, hash);
  return hash;
}
