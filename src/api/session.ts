/** /session: who asks; a browser logs in with a token, gets the cookie of a session for it, and logs out. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiTokens } from '../api-tokens.ts';
import { ApiError } from '../errors.ts';
import { assertFromThisMachine, type Caller, tokenFinder } from './auth.ts';
import { ok, okSchema } from './envelope.ts';
import { assertNotFromOtherPage } from './same-origin.ts';
import type { ApiDeps } from './server.ts';
import { openSession, SESSION_COOKIE, SESSION_SECONDS } from './session-cookie.ts';

const SessionSchema = Type.Object({
  role: Type.Enum(['read', 'operate']),
  name: Type.String({ description: 'Of the token, as the log of actions has it.' }),
  via: Type.Enum(['loopback', 'token', 'session']),
  expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'End of the session; null: there is none, the caller needs none or sends a bearer token.',
  }),
});
export type Session = Static<typeof SessionSchema>;

const Login = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 1_000 }) },
  { additionalProperties: false },
);

/** @param limitLogins throws ApiError RATE_LIMITED */
export function sessionRoutes(
  { config }: Pick<ApiDeps, 'config'>,
  limitLogins: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): FastifyPluginAsyncTypebox {
  const tokens = apiTokens(config);
  const known = tokenFinder(tokens);
  return async (api) => {
    api.get('/session', { schema: { response: { 200: okSchema(SessionSchema) } } }, async ({ caller }) => {
      const view = sessionView(caller as Caller);
      return ok('SESSION_RETRIEVED', `${view.name} may ${view.role}.`, view);
    });

    api.post(
      '/session',
      {
        config: { needs: 'open' },
        onRequest: limitLogins,
        schema: {
          description: 'Log in: answers with a cookie (HttpOnly, SameSite=Strict) that holds for 12 hours.',
          security: [],
          body: Login,
          response: { 200: okSchema(SessionSchema) },
        },
      },
      async (request, reply) => {
        if (tokens.length === 0) assertFromThisMachine(request);
        assertNotFromOtherPage(request);
        const token = known(request.body.token);
        if (!token) throw new ApiError('UNAUTHORIZED', 'This token is not known.');
        const { value, expires_at } = openSession(token);
        const { role, name } = token;
        request.caller = { role, name, via: 'session', expires_at };
        reply.setCookie(SESSION_COOKIE, value, { ...cookieOptions(request), maxAge: SESSION_SECONDS });
        return ok('SESSION_STARTED', `${name} may ${role}.`, sessionView(request.caller));
      },
    );

    api.delete(
      '/session',
      {
        config: { needs: 'read' },
        schema: { description: 'Log out.', response: { 200: okSchema(Type.Null()) } },
      },
      async (request, reply) => {
        reply.clearCookie(SESSION_COOKIE, cookieOptions(request));
        return ok('SESSION_ENDED', 'The cookie is taken back.', null);
      },
    );
  };
}

/** Secure behind https. X-Forwarded-Proto can be invented, but then it only concerns the inventor's own cookie. */
function cookieOptions({ headers, protocol }: FastifyRequest) {
  const forwarded = [headers['x-forwarded-proto'] ?? []].flat().join().split(',')[0]?.trim();
  const secure = protocol === 'https' || forwarded === 'https';
  return { httpOnly: true, sameSite: 'strict', secure, path: '/' } as const;
}

function sessionView({ expires_at, ...caller }: Caller): Session {
  return { ...caller, expires_at: expires_at === null ? null : new Date(expires_at).toISOString() };
}
