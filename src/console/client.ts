/** One problem of an answer: where it is, what it is, what to do (RFC 9457 with the fields of our errors). */
export type ProblemItem = {
  readonly message: string;
  readonly remedy?: string;
  readonly file?: string;
  readonly row?: number;
  readonly field?: string;
  readonly value?: string;
};

/** A refused request: the problem document of the service. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: readonly ProblemItem[];
  constructor(
    status: number,
    document: { title?: string; detail?: string; type?: string; problems?: ProblemItem[] },
  ) {
    super(document.title ?? document.detail ?? String(status));
    this.status = status;
    this.code = document.type ?? 'about:blank';
    this.problems = document.problems ?? [];
  }
}

let csrfToken = '';
let language = 'zh-CN';

/** The token that every write carries; the session's answer brings it. */
export function sendToken(token: string): void {
  csrfToken = token;
}

/** The language the service answers in. */
export function answerIn(tag: string): void {
  language = tag;
}

export async function read<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return answerOf(
    await fetch(path, {
      headers: { accept: 'application/json', 'accept-language': language },
      credentials: 'same-origin',
      ...(signal ? { signal } : {}),
    }),
  );
}

/**
 * Sends a write. The idempotency key is made once per call, so that a repeat by the browser's network layer is answered
 * by the first; a caller who repeats a failed write passes the key of the first try.
 */
export async function write<Answer>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  key: string = crypto.randomUUID(),
): Promise<Answer> {
  const form = body instanceof FormData;
  return answerOf(
    await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        'accept-language': language,
        'idempotency-key': key,
        'x-csrf-token': csrfToken,
        ...(body !== undefined && !form ? { 'content-type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    }),
  );
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (response.status === 204) return undefined as Answer;
  const type = response.headers.get('content-type') ?? '';
  const body = type.includes('json') ? await response.json() : { detail: await response.text() };
  if (!response.ok) throw new RequestRefused(response.status, body);
  return body as Answer;
}

/** A path with query parameters; empty ones are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
