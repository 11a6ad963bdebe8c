/** Methods of calls to elsewhere. */
export const OUTBOUND_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH'] as const

/** A method of calls to elsewhere. */
export type OutboundMethod = (typeof OUTBOUND_METHODS)[number]

/** One request. */
export interface OutboundRequest {
  readonly method: OutboundMethod
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Without one nothing is sent but the head. */
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the look-up of the name to the end of the answer, at most 86,400,000; default: that of the client. */
  readonly timeoutMs?: number | undefined
  /** Bytes of the answer that are read, at most 16,777,216; default 65,536. */
  readonly mostBytes?: number | undefined
}

/** What came of a request. A redirect is an answer like any other: it is not followed. */
export type OutboundResult =
  | OutboundAnswer
  /** Nothing was sent: the address, or a header, is not one to be sent. */
  | { readonly outcome: 'refused'; readonly reason: 'address_refused' | 'header_refused' }
  | OutboundFailure

/** Somebody answered. */
export interface OutboundAnswer {
  readonly outcome: 'answered'
  readonly status: number
  /** By their names in lower case, each as one text. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether the answer went on after what was read of it. */
  readonly isTruncated: boolean
}

/** No whole answer came. */
export interface OutboundFailure {
  readonly outcome: 'failed'
  /** A short word such as `timeout` or `ECONNREFUSED`. */
  readonly reason: string
  /** Whether there was a connection, so that the request may have arrived. */
  readonly mayHaveArrived: boolean
}

/** One POST. */
export type OutboundPost = Pick<OutboundRequest, 'url' | 'headers' | 'signal'> & { readonly body: string }

/** What came of a POST. */
export type OutboundPostResult =
  | Pick<OutboundAnswer, 'outcome' | 'status' | 'body'>
  | Exclude<OutboundResult, OutboundAnswer | OutboundFailure>
  /** Whether anything arrived is not known. */
  | Pick<OutboundFailure, 'outcome' | 'reason'>
