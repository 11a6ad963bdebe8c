import type { HostPlane, HostScope, JsonObject } from '@preceptor/client'
import type { z } from 'zod'

/** What the handler of a route is given, parsed. */
export interface RouteCall<Params, Query, Body> {
  readonly governor: HostPlane
  readonly scope: HostScope
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** The `Idempotency-Key` header of a POST. */
  readonly idempotencyKey: string | undefined
  readonly traceId: string
  /** Aborted when the caller went away. */
  readonly signal: AbortSignal
}

/** One route of the API: from this row come the handler and its part of `openapi.json`. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As OpenAPI writes it: `/agents/{id}`. */
  readonly path: string
  /** Operation of the permission table, which the scope checks. */
  readonly operation: string
  readonly summary: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly response: z.ZodType
  /** Status of the answer; default 200. */
  readonly status?: number
  /** The answer holds a secret, which is never stored for a repeat. */
  readonly secret?: true
  /** Whether a stored answer was not the last word, so that a repeat asks again; asking twice must be harmless. */
  readonly isPending?: (answer: JsonObject) => boolean
  readonly handle: (call: RouteCall<unknown, unknown, unknown>) => Promise<unknown>
}

/** A route that needs no credential. */
export interface OpenRoute extends Omit<ApiRoute, 'handle' | 'params' | 'query' | 'body'> {
  readonly handle: (governor: HostPlane) => Promise<{ readonly status: number; readonly body: unknown }>
}

/** A route that answers with server-sent events. */
export interface StreamRoute extends Omit<ApiRoute, 'handle' | 'body' | 'status' | 'secret'> {
  readonly method: 'get'
  readonly query: z.ZodType
  /** What the `data` of an event holds. */
  readonly response: z.ZodType
  /** Undefined when nothing will come any more: the reader is told not to come back. */
  readonly subscribe: (call: StreamCall) => Promise<StreamSubscription | undefined>
}

/** A route that answers with a text of any length. */
export interface DownloadRoute extends Pick<ApiRoute, 'path' | 'operation' | 'summary'> {
  readonly method: 'get'
  readonly query: z.ZodType
  /** The types that its answer may have. */
  readonly contentTypes: readonly string[]
  readonly open: (call: {
    readonly governor: HostPlane
    readonly scope: HostScope
    readonly query: unknown
    /** The `Accept` header. */
    readonly accept: string | undefined
    /** Aborted when the text is to end. */
    readonly signal: AbortSignal
  }) => Promise<{
    readonly contentType: string
    /** Under which it is kept; null for what is only read. */
    readonly fileName: string | null
    readonly text: AsyncIterable<string>
  }>
}

/** The routes of a plugin, which stand beside those of core: same credentials, same form of errors, same description. */
export interface PluginRoutes {
  readonly routes: readonly ApiRoute[]
  /** Routes that answer with a text of any length. */
  readonly downloads?: readonly DownloadRoute[]
}

/** What an event of a stream has, beside what it holds. */
export interface StreamEntry {
  readonly sequence: number | null
  readonly kind: string
}

/** Entries of a stream as they come. */
export interface StreamSubscription extends AsyncIterable<StreamEntry> {
  /** The sequence after which it goes on. */
  readonly position: number
}

/** What a stream is opened with. */
export interface StreamCall {
  readonly scope: HostScope
  /** What its path names. */
  readonly params: unknown
  /** What `?topic=` says, where the route takes one. */
  readonly topic: string | undefined
  /** The sequence after which it begins: `Last-Event-ID`, else `?after=`. */
  readonly after: number | undefined
  /** Aborted when the stream ends. */
  readonly signal: AbortSignal
}

type Parsed<Schema> = Schema extends z.ZodType<infer Output> ? Output : undefined

/** A route as it is declared: what its schemas parse is what its handler gets, and its answer fits its schema. */
export interface RouteDeclaration<
  Params extends z.ZodType | undefined,
  Query extends z.ZodType | undefined,
  Body extends z.ZodType | undefined,
  Answer,
> extends Omit<ApiRoute, 'params' | 'query' | 'body' | 'response' | 'handle'> {
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly response: z.ZodType<Answer>
  readonly handle: (call: RouteCall<Parsed<Params>, Parsed<Query>, Parsed<Body>>) => Promise<Answer>
}

/** Declares a route. */
export function declareRoute<
  Answer,
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(declaration: RouteDeclaration<Params, Query, Body, Answer>): ApiRoute {
  // The table holds routes of every shape; whoever calls a handler parses by the schemas that stand beside it.
  return declaration as unknown as ApiRoute
}
