import type { NumberField, TextField } from './condition.ts';

/** What the grouper sees of a case. A missing number is NaN, a missing text ''. */
export type DrgCase = {
  readonly numbers: Readonly<Record<NumberField, number>>;
  readonly texts: Readonly<Record<TextField, string>>;
  /** principal first, at least one */
  readonly diagnoses: readonly string[];
  /** principal first */
  readonly procedures: readonly string[];
};

export type Outcome = {
  readonly status: 'grouped' | 'ambiguous' | 'ungrouped';
  /** '' where there is none: no MDC of an ungrouped case, no ADRG of an ambiguous one */
  readonly mdc: string;
  readonly adrg: string;
  /** the code of the group, of the ambiguous result, or `0000` */
  readonly drg: string;
};

export const UNGROUPED: Outcome = { status: 'ungrouped', mdc: '', adrg: '', drg: '0000' };
