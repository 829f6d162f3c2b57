import { identityErrors } from '#identity/errors.ts';

export { FUND_NAMES } from '#benefits/names.ts';
export { YEAR_KINDS } from '#benefits/titles.ts';
export {
  CARRIED_KINDS as CARRIED_KIND_NAME,
  DEEMED_GROUNDS,
  DIFFERENCES,
  WAIT_REASONS,
} from '#enrolment/titles.ts';
/** What codes are called, wherever people read them: plain data, the same in reports and on pages. */
export { INDICATOR_UNITS } from '#evaluation/titles.ts';
export {
  BASIS_TITLES,
  FAMILY_RELATIONS,
  LAYER_TITLES,
  REFUND_CASE_TITLES,
  STATUS_TITLES,
  UNIT_TITLES,
} from '#policy/titles.ts';
export { DEVIATION_NAME, KIND_NAME, LEVEL_NAME, SCHEME_NAME } from '#report/words.ts';

const { oidcRefused, oidcUnavailable, oidcUnknownUser } = identityErrors;
/** Why a login with the provider came to nothing, by the code the sign-in page is opened with: `?refused=`. */
export const OIDC_REFUSALS = Object.fromEntries(
  [oidcRefused, oidcUnavailable, oidcUnknownUser].map(({ code, message, remedy }) => [
    code,
    { message, remedy },
  ]),
);
