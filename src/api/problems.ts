import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '#interface/index.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { fill, type Language } from '#kernel/locale.ts';
import type { ProblemBody } from './contract/problem.ts';
import { apiErrors } from './errors.ts';
import { languageOf } from './language.ts';

/** Where the exit code of a definition does not say it all. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  'identity.wrong-login': 401,
  'identity.not-signed-in': 401,
  'identity.not-allowed': 403,
  'identity.other-institution': 403,
  'identity.password-must-change': 403,
  'identity.forged-request': 403,
  'identity.locked': 429,
  'identity.no-such-user': 404,
  'identity.oidc-unavailable': 503,
  'api.not-found': 404,
  'api.not-yours': 403,
  'approval.unknown': 404,
  'api.invalid-request': 400,
  'api.unreadable-request': 400,
  'api.unknown-column': 400,
  'api.too-many-requests': 429,
  'interface.no-such-area': 404,
  'interface.no-such-institution': 404,
  'workflow.no-such-job': 404,
  'workflow.no-such-area': 404,
  'workflow.no-such-run': 404,
  'workflow.no-such-case': 404,
  'explain.no-such-list': 404,
  'enrolment.no-such-review': 404,
  'enrolment.no-such-work-item': 404,
  'enrolment.no-such-department': 404,
  'enrolment.no-such-list': 404,
  'enrolment.no-such-difference': 404,
  'enrolment.no-such-transfer': 404,
  'enrolment.no-such-closing': 404,
};
const STATUS_OF_EXIT = { 2: 400, 3: 422, 4: 409, 5: 500 } as const;
const PROBLEMS_SHOWN_MAX = 200;

export const statusOf = ({ definition }: Problem): number =>
  STATUS_OF_CODE[definition.code] ?? STATUS_OF_EXIT[definition.exit];

/** The body of an error answer in the language of the caller. */
export function problemBody(problems: readonly Problem[], language: Language, instance: string): ProblemBody {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => {
    const { definition, file, row, field, value } = problem;
    const parameters = {
      file: file ?? '',
      row: row ?? '',
      field: field ?? '',
      value: value ?? '',
      ...problem.parameters,
    };
    return {
      code: definition.code,
      ...(file === undefined ? {} : { file }),
      ...(row === undefined ? {} : { row }),
      ...(field === undefined ? {} : { field }),
      ...(value === undefined ? {} : { value: value.slice(0, 200) }),
      message: fill(definition.message[language], parameters),
      remedy: fill(definition.remedy[language], parameters),
    };
  });
  const first = shown[0]!;
  return {
    type: `urn:yibao:problem:${first.code}`,
    title: first.message,
    status: statusOf(problems[0]!),
    code: first.code,
    detail: first.remedy,
    instance,
    problems: shown,
  };
}

/** What was wrong, of any error a handler or Fastify itself throws. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof YibaoError) return error.problems;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return error.validation.map((issue) => ({
      definition: apiErrors.invalidRequest,
      field: [error.validationContext, ...issue.instancePath.split('/').filter(Boolean)].join('.'),
      parameters: { reason: issue.message ?? '' },
    }));
  }
  // what a handler parses itself, where the form of a part depends on another
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message: reason }) => ({
      definition: apiErrors.invalidRequest,
      field: ['body', ...path.map(String)].join('.'),
      parameters: { reason },
    }));
  }
  // what the rules of visits refuse, at the window and here
  if (error instanceof Refusal) {
    return error.faults.map(({ node, field, value, reason }) => ({
      definition: apiErrors.refusedByRules,
      ...(field === undefined ? {} : { field: node === '' ? field : `${node}.${field}` }),
      ...(value === undefined ? {} : { value }),
      parameters: { reasonZh: reason.zh, reasonEn: reason.en },
    }));
  }
  const { statusCode, message, code } = error as { statusCode?: number; message?: string; code?: string };
  // class 22 of PostgreSQL, data exception: a text with a zero byte, a number out of range
  if (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code)) {
    return [{ definition: apiErrors.unreadableRequest, parameters: { reason: 'value' } }];
  }
  if (statusCode === 429) return [{ definition: apiErrors.tooMany }];
  if (statusCode === 404) return [{ definition: apiErrors.notFound }];
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return [{ definition: apiErrors.unreadableRequest, parameters: { reason: message ?? '' } }];
  }
  return [{ definition: apiErrors.internal }];
}

/** The only way an error leaves the service: problem+json, never a stack. */
export async function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const problems = problemsOf(error);
  const language = languageOf(request.headers['accept-language']);
  const body = problemBody(problems, language, request.id);
  if (body.status >= 500) request.log.error({ err: error }, 'request failed');
  await reply
    .code(body.status)
    .header('content-language', language)
    .type('application/problem+json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}
