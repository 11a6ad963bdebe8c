import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError } from '@preceptor/client'

/** What a connection is kept for. */
export interface KeptOptions {
  readonly name: string
  /** Told as soon as it has gone. */
  readonly onGone: () => void
  /** Told when it is connected again after it had gone. */
  readonly onReturned: () => void
  readonly report: (message: string) => void
}

/** A connection that comes back after it has gone, until it is ended. */
export interface KeptConnection<Client> {
  /** The client that is connected now, or will be. @throws GovernanceError `GOVERNOR_CLOSED`, or why it cannot be. */
  client(): Promise<Client>
  /** Says that it works: when it goes again, it is tried again soon. */
  answered(): void
  /** Ends it for good; gives the client that there was. */
  end(): Promise<Client | undefined>
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000

/** Keeps a connection that `connect` makes; it is made when it is first asked for. */
export function keepConnected<Client, Options extends KeptOptions>(
  options: Options,
  connect: (options: Options, onGone: () => void) => Promise<Client>,
): KeptConnection<Client> {
  const { name, report } = options
  let isOpen = true
  let current: Promise<Client> | undefined
  let wasThere = false
  const backoff = createBackoff()

  async function client(): Promise<Client> {
    if (!isOpen) throw new GovernanceError('GOVERNOR_CLOSED')
    if (current !== undefined) return current
    const connecting = connect(options, () => {
      if (current !== connecting) return
      current = undefined
      options.onGone()
      if (isOpen && wasThere) void comeBack()
    })
    current = connecting
    connecting.then(hello, () => {
      if (current === connecting) current = undefined
    })
    return connecting
  }

  /** Whoever asks for it next brings it back, too. */
  function hello(): void {
    if (wasThere) {
      options.onReturned()
      report(`The upstream "${name}" is there again.`)
    }
    wasThere = true
  }

  /** Tries again, after longer and longer pauses, until it is there; nobody waits for one that never was. */
  async function comeBack(): Promise<void> {
    report(`The upstream "${name}" went away.`)
    while (isOpen && current === undefined) {
      await sleep(backoff.next(), undefined, { ref: false })
      if (!isOpen || current !== undefined) continue
      await client().catch((error: unknown) => report(`The upstream "${name}" cannot be reached: ${String(error)}`))
    }
  }

  return {
    client,
    answered: backoff.begin,
    async end() {
      isOpen = false
      const last = current
      current = undefined
      return last?.catch(() => undefined)
    },
  }
}

/** Pauses that become longer, until it begins anew. */
function createBackoff(): { readonly next: () => number; readonly begin: () => void } {
  let pause = FIRST_PAUSE_MS
  return {
    next() {
      const now = pause
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      return now
    },
    begin() {
      pause = FIRST_PAUSE_MS
    },
  }
}
