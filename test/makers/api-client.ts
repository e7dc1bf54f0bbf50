import { expect } from 'vitest';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { ApiDocument } from './api-document.ts';

export interface Asked {
  readonly body?: unknown;
  /** Of a body that is text already; default `application/json`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: none. */
  readonly token?: string | null;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, where it is JSON. A casting boundary: each test says what it expects. */
  readonly body: never;
  readonly text: string;
}

export type ApiClient = (request: string, asked?: Asked) => Promise<Answered>;

/** Asks `GET /path`, and holds each answer against the document. */
export function apiClient(
  send: (url: string, init: RequestInit) => Promise<Response> | Response,
  { url, token, document }: { readonly url: string; readonly token: string; readonly document: ApiDocument },
): ApiClient {
  return async (request, { body, type = 'application/json', headers = {}, token: other = token } = {}) => {
    const [method = '', path = ''] = request.split(' ');
    const response = await send(url + path, {
      method,
      headers: {
        ...(other !== null && { authorization: `Bearer ${other}` }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const mediaType = response.headers.get('content-type')?.split(';')[0];
    // API Gateway says that what has no body is JSON.
    const value: Json | undefined = text === '' ? undefined : mediaType?.endsWith('json') ? parseJson(text) : text;
    const { status } = response;
    const problems = document.problemsOf({
      method,
      // Routes start where the API does, behind a deployment's stage.
      path: new URL(path, 'http://any').pathname,
      status,
      mediaType,
      body: value,
    });
    expect(problems, `${request} → ${status} ${text.slice(0, 500)}`).toEqual([]);
    return { status, headers: response.headers, body: value as never, text };
  };
}
