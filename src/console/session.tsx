import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import type { SessionBody } from '#api/contract/session.ts';
import { RequestRefused, read, sendToken, write } from './client.ts';

/** Who is signed in, as the service says. */
export type Session = SessionBody;

const SessionContext = createContext<Session | undefined>(undefined);

/** The session of this browser; `null` while nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      try {
        const session = await read<Session>('/api/session');
        sendToken(session.csrfToken);
        return session;
      } catch (error) {
        // nobody has signed in
        if (error instanceof RequestRefused && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    retry: 1,
  });
}

export function SessionProvider(props: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={props.session}>{props.children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('useSession outside of SessionProvider');
  return session;
}

/** Whether the signed-in role may take an action: a button that would be refused is not shown. */
export function useMay(): (action: string) => boolean {
  const { actions } = useSession();
  return (action) => actions.includes(action);
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await write('DELETE', '/api/session');
    client.clear();
    client.setQueryData(['session'], null);
  };
}
