/** What codes are called, wherever people read them: plain data, the same in reports and on pages. */
export { INDICATOR_UNITS } from '#evaluation/titles.ts';
export { BASIS_TITLES, LAYER_TITLES, STATUS_TITLES, UNIT_TITLES } from '#policy/titles.ts';
export { DEVIATION_NAME, KIND_NAME, LEVEL_NAME, SCHEME_NAME } from '#report/words.ts';
