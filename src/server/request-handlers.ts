import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { App } from '#src/app/app.ts';
import { headFault } from '#src/http/check-head.ts';
import { refuse, refuseSocket } from '#src/http/refuse-request.ts';
import { plainSecurityHeaders } from '#src/http/security-headers.ts';
import { openDispatcher } from './dispatch.ts';
import type { RequestHandlers } from './listen.ts';

/** Checks the head of each request before anything else reads it. Whatever a request holds, it never ends the process. */
export async function openRequestHandlers(app: App): Promise<RequestHandlers> {
  const dispatch = await openDispatcher(app);
  const headers = () => plainSecurityHeaders(app.config.baseUrl);
  const responses = new WeakMap<Duplex, ServerResponse>();
  return {
    request(request, response) {
      responses.set(request.socket, response);
      try {
        const fault = headFault(request);
        if (fault) refuse(response, fault.status, { ...headers(), ...fault.headers });
        else dispatch(request, response);
      } catch (error) {
        app.log.error({ err: error }, 'http.failed');
        if (response.headersSent) response.destroy();
        else refuse(response, 500, headers());
      }
    },
    refuseSocket(socket, status) {
      const response = responses.get(socket);
      // In the middle of an answer a refusal would be read as a part of it.
      if (response?.headersSent && !response.writableFinished) socket.destroy();
      else refuseSocket(socket, status, headers());
    },
    refuseExpectation: (_request, response) => refuse(response, 417, headers()),
  };
}
