const CHANNEL = /^(slack|email):/

/** What the journal says of a decision that came in through a channel: through which, beside who decided. */
export function decidedVia(credential: string | null): { readonly via?: string } {
  const via = credential === null ? undefined : CHANNEL.exec(credential)?.[1]
  return via === undefined ? {} : { via }
}
