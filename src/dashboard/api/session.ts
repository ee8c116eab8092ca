/** Who uses the page, and what they may do with it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Session } from '../../api/session.ts';
import { ApiFailure, api } from './ask.ts';

export const SESSION_KEY = ['session'] as const;

export const useSession = () =>
  useQuery({
    queryKey: SESSION_KEY,
    queryFn: () => api.get<Session>('/session'),
    staleTime: Number.POSITIVE_INFINITY, // every refusal elsewhere asks again (main.tsx)
  });

/** Whether the buttons that change something are of use; unknown counts as yes: the API decides. */
export function useMayAct(): boolean {
  return useSession().data?.role !== 'read';
}

export const isLoggedOut = (error: unknown): boolean => error instanceof ApiFailure && error.status === 401;

export function useLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => api.post<Session>('/session', { token }),
    onSuccess: async ({ data }) => {
      client.setQueryData(SESSION_KEY, data);
      await client.invalidateQueries();
    },
  });
}

export function useLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete<null>('/session'),
    // what was shown goes with the session
    onSuccess: () => client.resetQueries(),
  });
}
