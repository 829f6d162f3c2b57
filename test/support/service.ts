import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openService, type Service } from '#api/index.ts';
import { csrfTokenOf, makeUser, type Role, startSession } from '#identity/index.ts';
import { findJob } from '#workflow/index.ts';
import { prepareStore } from './prepared-store.ts';

/** A service on a data folder of its own, gone when `close` is called. */
export async function startService(): Promise<Service & { readonly dataFolder: string }> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yibao-service-'));
  await prepareStore(join(dataFolder, 'postgres'));
  const service = await openService({ dataFolder, version: 'test' });
  return {
    ...service,
    dataFolder,
    close: async () => {
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A user who has changed the one-time password; hospital users belong to the institution `of`, persons are the number `of`. */
export async function addUser(service: Service, role: Role, of?: string): Promise<string> {
  const { store } = service.services;
  const login = of ? `${role}-${of.toLowerCase()}` : role;
  await makeUser(store, {
    login,
    displayName: login,
    role,
    institutionCode: role === 'person' ? null : (of ?? null),
    psnNo: role === 'person' ? (of ?? 'nobody') : null,
  });
  await store
    .updateTable('user_account')
    .set({ must_change_password: false })
    .where('login', '=', login)
    .execute();
  return login;
}

type Wanted = {
  readonly method?: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export const sessionToken = (service: Service, login: string): Promise<string> =>
  startSession(service.services.store, login);

/** One request of a user, in a session of its own unless one is given; undefined: of nobody. */
export async function ask(service: Service, login: string | undefined, wanted: Wanted, session?: string) {
  const headers: Record<string, string> = { ...wanted.headers };
  if (login !== undefined) {
    const token = session ?? (await sessionToken(service, login));
    headers.cookie = `yibao_session=${token}`;
    headers['x-csrf-token'] ??= csrfTokenOf(token);
  }
  const isText = typeof wanted.body === 'string';
  if (wanted.body !== undefined) headers['content-type'] ??= 'application/json';
  return service.server.inject({
    method: (wanted.method ?? 'GET') as 'GET',
    url: wanted.url,
    headers,
    ...(wanted.body === undefined
      ? {}
      : { payload: isText ? (wanted.body as string) : JSON.stringify(wanted.body) }),
  });
}

/** Waits until a job ended. */
export async function jobEnd(service: Service, id: number) {
  for (;;) {
    const job = await findJob(service.services.store, id);
    if (!['waiting', 'running'].includes(job.state)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Leads a month or clearing of a run through its steps until it is published, by `clerk`, `reviewer` and `head`. */
export async function publishPeriod(service: Service, runId: number, period: string): Promise<string> {
  const post = async (login: string, url: string, body: unknown) => {
    const answer = await ask(service, login, { method: 'POST', url, body });
    if (answer.statusCode >= 300) throw new Error(answer.body);
    return answer.json();
  };
  const subject = period === 'clearing' ? { kind: 'clearing' } : { kind: 'month', month: period };
  const { approval } = await post('clerk', '/api/approvals', { ...subject, runId });
  for (const [login, action] of [
    ['reviewer', 'check'],
    ['head', 'approve'],
    ['clerk', 'publish'],
  ] as const) {
    await post(login, `/api/approvals/${approval.id}/steps`, { action });
  }
  return String(approval.id);
}
