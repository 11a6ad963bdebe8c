import { closeStatement, type Message, SYNC, simpleQuery, type TransactionStatus } from './wire-protocol.ts'

// All clients share the one backend of the engine, so what a client set for its session must be taken back before
// another client's turn and restored at its own.
const CHANGES_SETTINGS = /(?:^|;)\s*(?:set|reset)\b(?!\s+(?:local|transaction|constraints)\b)/i
const SET_CONFIG = /\bset_config\s*\(/i
const LOCAL_SET_CONFIG = /\bset_config\s*\([^()]*,\s*true\s*\)/i
const TRANSACTION_CONTROL = /(?:^|;)\s*(?:begin|start|commit|end|rollback|abort|savepoint|release)\b/i
const COPIES_IN = /^copy\b[\s\S]*\bfrom\s+stdin\b/i
const TOUCHES_ALL = /^(?:discard|unlisten|deallocate\s+(?:prepare\s+)?all)\b/i
const CHANNEL = String.raw`("(?:[^"]|"")+"|[a-z_][\w$]*)`
const LISTEN = new RegExp(String.raw`(?:^|;)\s*listen\s+${CHANNEL}`, 'gi')
const UNLISTEN = new RegExp(String.raw`^\s*unlisten\s+(?:(\*)|${CHANNEL})\s*;?\s*$`, 'i')
const COMMENTS = /--[^\n]*|\/\*[\s\S]*?\*\//g

/** What a statement does to its session beyond its own transaction. */
export type SessionEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'settings'; readonly repeatable: boolean }
  | { readonly kind: 'listen'; readonly channels: readonly string[] }
  | { readonly kind: 'unlisten'; readonly channel: string }
  | { readonly kind: 'refused'; readonly reason: string }

const NONE: SessionEffect = { kind: 'none' }

/** Reads the effect of a statement from its text; comments are skipped. */
export function sessionEffect(statement: string): SessionEffect {
  // Most statements contain none of these words; the rest is read again without comments.
  if (!/\b(?:set|reset|set_config|listen|unlisten|discard|deallocate|stdin)\b/i.test(statement)) return NONE
  const text = statement.replace(COMMENTS, ' ').trim()
  const unlisten = UNLISTEN.exec(text)
  if (unlisten !== null) return { kind: 'unlisten', channel: unlisten[1] ?? channelName(unlisten[2] ?? '') }
  if (TOUCHES_ALL.test(text)) {
    return { kind: 'refused', reason: 'DISCARD and DEALLOCATE ALL are not available on the embedded database' }
  }
  // The engine reads the rows of COPY from the same message and ends when there are none.
  if (COPIES_IN.test(text))
    return { kind: 'refused', reason: 'COPY FROM STDIN is not available on the embedded database' }
  const channels = [...text.matchAll(LISTEN)].map((match) => channelName(match[1] ?? ''))
  if (channels.length > 0) return { kind: 'listen', channels }
  const sets = CHANGES_SETTINGS.test(text) || (SET_CONFIG.test(text) && !LOCAL_SET_CONFIG.test(text))
  return sets ? { kind: 'settings', repeatable: !TRANSACTION_CONTROL.test(text) } : NONE
}

/** The name on the wire: folded to lower case unless quoted. */
function channelName(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()
}

/** A channel as it is written in LISTEN. */
export function quoteChannel(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`
}

/** A prepared statement of a session. */
export interface PreparedStatement {
  /** Its name in the engine, where those of all sessions live. */
  readonly engineName: string
  readonly parse: Message
  /** Whether the engine has it. */
  parsed: boolean
}

/** What the engine must know to give a session its own state back. */
export interface SessionState {
  /** Unique within the engine. */
  readonly id: number
  /** Equal marks mean equal settings: no reset is needed between two such sessions. */
  readonly mark: string
  /** Runs before the settings that the session made: those of its pool. */
  readonly prelude: string
  readonly listening: Set<string>
  /** Prepared statements by the client's name. */
  readonly statements: Map<string, PreparedStatement>
  /** Generation of the engine that knows the statements. */
  generation: number
  /**
   * Remembers that settings changed, by a group that can be repeated or not; it counts once its transaction has
   * committed. What cannot be repeated still never reaches another session, but lasts only until another one's turn.
   */
  recordSettings(group: Buffer | undefined, status: TransactionStatus): void
  /** Tells how a transaction ended. */
  settleSettings(committed: boolean): void
  /** Forgets what the session set and listened to; prepared statements stay. */
  reset(): void
  /** Messages that restore the settings, and how many answers they produce. */
  settingsPrefix(): { readonly bytes: Buffer; readonly answers: number }
  /** Messages that parse the statements again in a reopened engine. */
  statementsPrefix(): { readonly bytes: Buffer; readonly answers: number }
  /** Messages that free the session's prepared statements. */
  closing(): readonly Buffer[]
}

/** State of a new session; `id` must be unique within the engine. */
export function createSessionState(id: number, prelude: string): SessionState {
  let settings: Buffer[] = []
  let unsettled: (Buffer | undefined)[] = []
  let changes = 0
  let changed = false
  const listening = new Set<string>()
  const statements = new Map<string, PreparedStatement>()
  const parsed = (): PreparedStatement[] => [...statements.values()].filter((statement) => statement.parsed)
  const keep = (groups: readonly (Buffer | undefined)[]): void => {
    changes += groups.length
    changed ||= groups.length > 0
    settings = [...settings, ...groups.filter((group) => group !== undefined)]
  }
  return {
    id,
    get mark() {
      return !changed ? prelude : `${prelude}\0${id}\0${changes}`
    },
    prelude,
    listening,
    statements,
    generation: 0,
    recordSettings(group, status) {
      if (status === 'I') keep([group])
      else unsettled.push(group)
    },
    settleSettings(committed) {
      if (committed) keep(unsettled)
      unsettled = []
    },
    reset() {
      settings = []
      unsettled = []
      changed = false
      listening.clear()
    },
    settingsPrefix() {
      const reset = simpleQuery(`reset session authorization; reset role; reset all; ${prelude}`)
      return { bytes: Buffer.concat([reset, ...settings]), answers: 1 + settings.length }
    },
    statementsPrefix() {
      const parses = parsed().flatMap((statement) => [statement.parse.bytes, SYNC])
      return { bytes: Buffer.concat(parses), answers: parses.length / 2 }
    },
    closing() {
      return parsed().map((statement) => closeStatement(statement.engineName))
    },
  }
}
