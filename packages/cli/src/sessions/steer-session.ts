import { GovernanceError, type InterventionRequest, type SessionOperations } from '@preceptor/client'
import type { Keyboard } from '../keyboard.ts'

/** What the keys do, for the person who presses them. */
export const KEYS = 'Keys: p pause, r resume, c correct, t terminate, q leave (which pauses the run)'

/** A session that is steered, and the one who is told of what was refused. */
export interface Steering {
  readonly sessions: SessionOperations
  readonly id: string
  readonly keyboard: Keyboard
  readonly say: (line: string) => Promise<void>
  /** Ends it. */
  readonly signal: AbortSignal
}

/** Does what a person presses, one after the other, until the person leaves or the signal is aborted. */
export async function steerSession(steering: Steering): Promise<void> {
  const { sessions, id, keyboard, say, signal } = steering
  for (;;) {
    const key = await keyboard.key(signal)
    if (key === undefined || key === 'q') return
    try {
      const intervention = await asked(key, steering)
      if (intervention !== undefined) await sessions.intervene(id, intervention)
    } catch (error) {
      const { code, message, hint } = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL')
      await say(`${code}: ${message} ${hint}`)
    }
  }
}

/** What a key asks for; undefined for a key that means nothing, and where the person thought better of it. */
async function asked(key: string, steering: Steering): Promise<InterventionRequest | undefined> {
  const ask = async (question: string): Promise<string> =>
    (await steering.keyboard.line(question, steering.signal))?.trim() ?? ''
  switch (key) {
    case 'p':
      return { type: 'pause' }
    case 'r':
      return { type: 'resume' }
    case 'c': {
      const guidance = await ask('Tell the run (nothing: no correction): ')
      return guidance === '' ? undefined : { type: 'correct', guidance }
    }
    case 't': {
      if ((await ask('End this run for good? Type yes: ')) !== 'yes') return undefined
      const reason = await ask('Why (nothing: it goes on): ')
      return reason === '' ? undefined : { type: 'terminate', reason }
    }
    default:
      return undefined
  }
}
