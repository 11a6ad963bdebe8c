import { GovernanceError } from '@preceptor/client'

const NAME = /^[a-z][a-z0-9-]{0,30}$/
/** Model providers take letters, digits, `_` and `-` in the name of a tool, so that a dot cannot stand between. */
const BETWEEN = '__'

/** The names by which a client knows what several upstreams have; of one alone they are as they are. */
export interface UpstreamNames {
  /** @throws GovernanceError `INPUT_INVALID` for a name that becomes too long. */
  outer(upstream: string, name: string): string
  /** The upstream and its own name; undefined where no upstream has that prefix. */
  inner(name: string): { readonly upstream: string; readonly name: string } | undefined
}

/**
 * Makes the names for these upstreams.
 *
 * @throws GovernanceError `OPTION_INVALID` for none, or for a name that is none.
 */
export function upstreamNames(upstreams: readonly string[]): UpstreamNames {
  const wrong = upstreams.find((name) => !NAME.test(name))
  if (wrong !== undefined) {
    const message = `An upstream cannot be named ${JSON.stringify(wrong.slice(0, 60))}: use small letters, digits and "-", at most 31.`
    throw new GovernanceError('OPTION_INVALID', { message })
  }
  const [only] = upstreams
  if (only === undefined) throw new GovernanceError('OPTION_INVALID', { message: 'There is no upstream.' })
  if (upstreams.length === 1) return { outer: (_, name) => name, inner: (name) => ({ upstream: only, name }) }
  return {
    outer: (upstream, name) => `${upstream}${BETWEEN}${name}`,
    inner(name) {
      const upstream = upstreams.find((one) => name.startsWith(one + BETWEEN))
      return upstream === undefined ? undefined : { upstream, name: name.slice(upstream.length + BETWEEN.length) }
    },
  }
}
