import { GovernanceError } from '@preceptor/client'
import type { ChatModel } from '../models/chat-model.ts'
import { chatModelName } from '../models/chat-model.ts'
import { createOutboundClient } from '../outbound/outbound-client.ts'

/** What answers for an agent that reviews: a chat model, an endpoint that serves one, or rules. */
export type ReviewerBinding =
  | { readonly model: ChatModel }
  /** Gets `{ "messages": [{ "role", "content" }] }` as a POST, and answers 200 with the text of the reply. */
  | { readonly endpoint: { readonly url: string; readonly headers?: Readonly<Record<string, string>> } }
  | 'rules'

/** A binding as it is asked. */
export interface BoundReviewer {
  /** `rules`, or `model:` or `endpoint:` and its name: its record is of that name alone. */
  readonly by: string
  /** Null for rules. */
  readonly model: ChatModel | null
}

/** What bounds the calls of endpoints. */
export interface BindingOptions {
  /** Origins that may be called whatever they are. */
  readonly allow: readonly string[]
  readonly timeoutMs: number
}

/**
 * Makes a binding ready to be asked.
 *
 * @throws GovernanceError `OPTION_INVALID` for what is no binding, `INPUT_INVALID` for an address that is never called.
 */
export function bindReviewer(binding: ReviewerBinding, options: BindingOptions): BoundReviewer {
  if (binding === 'rules') return { by: 'rules', model: null }
  // A caller in JavaScript may hand in anything.
  if (typeof binding !== 'object' || binding === null) throw noBinding()
  if ('model' in binding && typeof binding.model?.invoke === 'function') {
    return { by: chatModelName(binding.model), model: binding.model }
  }
  if ('endpoint' in binding && typeof binding.endpoint?.url === 'string') return bindEndpoint(binding.endpoint, options)
  throw noBinding()
}

function noBinding(): GovernanceError {
  return new GovernanceError('OPTION_INVALID', {
    message: 'A reviewer is bound to a chat model, to an endpoint, or to "rules".',
  })
}

function bindEndpoint(
  { url, headers = {} }: { readonly url: string; readonly headers?: Readonly<Record<string, string>> },
  options: BindingOptions,
): BoundReviewer {
  const client = createOutboundClient(options)
  client.assertAllowed(url)
  const { host, pathname } = new URL(url)
  const invoke: ChatModel['invoke'] = async (messages, { signal } = {}) => {
    const body = JSON.stringify({ messages })
    const result = await client.post({ url, headers: { ...headers, 'content-type': 'application/json' }, body, signal })
    if (result.outcome !== 'answered') throw new Error(result.reason)
    if (result.status !== 200) throw new Error(`status ${result.status}`)
    return result.body
  }
  return { by: `endpoint:${host}${pathname}`.slice(0, 200), model: { invoke } }
}
